// SPDX-License-Identifier: Apache-2.0
#include "gridscale/creation.hpp"

#include <memory>
#include <utility>

#include "gridscale/answers.hpp"
#include "gridscale/objects.hpp"

namespace aula::gridscale {
namespace {

constexpr unsigned most_posts = 3;
// What was asked may still be on its way when it is first looked for.
constexpr unsigned looks_after_loss = 2;

/// Whether the cloud may have done it all the same.
bool may_be_lost(const Error& error) {
    return error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout;
}

struct Creating : std::enable_shared_from_this<Creating> {
    Creating(Connection& c, Creation made, std::function<void(Expected<std::string, Error>)> a)
        : connection(c), creation(std::move(made)), answered(std::move(a)) {}

    void post() {
        ++posts;
        connection.mutate(
            "POST", creation.path, creation.body,
            [self = shared_from_this()](const Expected<std::string, Error>& answer) {
                self->on_posted(answer);
            },
            creation.urgency);
    }

    void on_posted(const Expected<std::string, Error>& answer) {
        if (!answer) {
            if (!may_be_lost(answer.error())) return answered(fail(answer.error()));
            return look_for_it(answer.error());
        }
        const auto created = parse_created(*answer);
        // Made, but who knows what.
        if (!created) return look_for_it(created.error());
        answered(created->object_id);
    }

    void look_for_it(const Error& what_was_wrong) {
        why = what_was_wrong;
        looks_left = looks_after_loss;
        look_later();
    }

    void look_later() {
        const auto pause = connection.options().poll * 2;
        connection.loop().after(pause, [self = shared_from_this(), there = connection.lifetime()] {
            if (!there.expired()) self->look();
        });
    }

    void look() {
        connection.get(
            creation.path,
            [self = shared_from_this()](const Expected<std::string, Error>& list) {
                self->on_list(list);
            },
            creation.urgency);
    }

    void on_list(const Expected<std::string, Error>& list) {
        // Whether it is there is not known: whoever wants to try again must look first, too.
        if (!list) return answered(fail(list.error()));
        const auto found = find_labelled(*list, creation.list_key, creation.label);
        if (!found) return answered(fail(found.error()));
        if (*found) return on_found(**found);
        if (--looks_left > 0) return look_later();
        if (posts < most_posts) return post();
        answered(fail(why));
    }

    void on_found(const Labelled& object) {
        if (object.is_active) return answered(object.id);
        if (give_up == Time{}) give_up = connection.loop().now() + connection.options().longest_job;
        if (connection.loop().now() > give_up)
            return answered(fail(Error{ErrorCode::timeout, "the cloud does not get it done"}));
        looks_left = looks_after_loss;
        look_later();
    }

    Connection& connection;
    Creation creation;
    std::function<void(Expected<std::string, Error>)> answered;
    Error why;
    unsigned posts = 0;
    unsigned looks_left = 0;
    Time give_up{};
};

}  // namespace

void create_once(Connection& connection, Creation creation,
                 std::function<void(Expected<std::string, Error>)> answered) {
    std::make_shared<Creating>(connection, std::move(creation), std::move(answered))->post();
}

}  // namespace aula::gridscale
