// SPDX-License-Identifier: Apache-2.0
#include "hub/hub.hpp"

#include <utility>

#include <sys/stat.h>

#include "base/log.hpp"
#include "hub/hub_state.hpp"
#include "lesson/json.hpp"
#include "signal/json.hpp"

namespace aula::hub {

namespace {

constexpr auto tidy_period = std::chrono::hours(6);
constexpr auto forgetting_period = std::chrono::hours(1);
constexpr auto goodbye_time = std::chrono::milliseconds(1500);

Expected<void, Error> make_data_dir(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        return fail(Error{ErrorCode::unavailable,
                          "cannot make " + folder.string() + ": " + error.message()});
    // Keys lie here.
    ::chmod(folder.c_str(), 0700);
    return {};
}

std::string host_of(const HubOptions& options) {
    if (!options.node_host.empty()) return options.node_host;
    if (!options.node_link.is_unspecified()) return options.node_link.ip();
    return options.node_link.is_ipv6() ? "::1" : "127.0.0.1";
}

}  // namespace

Expected<std::unique_ptr<Hub>, Error> Hub::start(net::Loop& loop, HubOptions options) {
    auto state = std::make_unique<State>(loop, std::move(options));
    if (auto started = state->start(); !started) return fail(std::move(started).error());
    return std::unique_ptr<Hub>(new Hub(std::move(state)));
}

Hub::Hub(std::unique_ptr<State> state) : state_(std::move(state)) {}
Hub::~Hub() = default;

Expected<void, Error> Hub::State::start() {
    if (auto made = make_data_dir(options.data_dir); !made) return made;
    auto opened = store::Store::open(options.data_dir / "aula.db");
    if (!opened) return fail(std::move(opened).error());
    store = std::move(*opened);
    auto loaded = load_secrets(*store, options.data_dir);
    if (!loaded) return fail(std::move(loaded).error());
    secrets = std::move(*loaded);
    keys = options.livekit_keys;
    if (keys.empty()) keys[secrets.livekit_key] = secrets.livekit_secret;

    auto read = Pages::load(options.web_dir);
    if (!read) return fail(std::move(read).error());
    pages = std::move(*read);

    // The server first: the public URL may be its address. It hears nobody before the loop runs.
    auto listening = http::Server::open(loop, options.listen, {},
                                        [this](http::Request request, http::Responder responder) {
                                            handle(std::move(request), std::move(responder));
                                        });
    if (!listening) return fail(std::move(listening).error());
    server = std::move(*listening);
    public_url =
        options.public_url.empty() ? "http://" + server->local().text() : options.public_url;

    if (auto made = start_links(); !made) return made;
    return start_parts();
}

Expected<void, Error> Hub::State::start_links() {
    node_host = host_of(options);
    const auto own = crypto::issue(secrets.authority, "hub", node_host);
    if (!own) return fail(own.error());
    control::HubLinks::Handlers handlers;
    handlers.make_welcome = [this](const std::string&) {
        control::Welcome welcome;
        welcome.set_hub_id("hub");
        for (const auto& [key, secret] : keys) (*welcome.mutable_livekit_keys())[key] = secret;
        return welcome;
    };
    handlers.on_node_up = [this](const std::string& node, const control::Hello& hello) {
        on_node_up(node, hello);
    };
    handlers.on_node_down = [this](const std::string& node) { on_node_down(node); };
    handlers.on_message = [this](const std::string& node, const control::ToHub& message) {
        on_node_message(node, message);
    };
    auto opened = control::HubLinks::open(
        loop, options.node_link, secrets.authority.certificate_pem, *own, std::move(handlers));
    if (!opened) return fail(std::move(opened).error());
    links = std::move(*opened);
    return {};
}

Expected<void, Error> Hub::State::start_parts() {
    client = std::make_unique<http::Client>(loop);
    Rooms::Wiring placing;
    placing.loop = &loop;
    placing.store = store.get();
    placing.send = [this](const std::string& node, const control::ToNode& message) {
        links->send(node, message);
    };
    placing.describe = [this](const std::string& room) { return describe(room); };
    placing.on_node_wanted = [this] {
        if (keeper) keeper->look_soon();
        if (options.on_node_wanted) options.on_node_wanted();
    };
    wire_placing(placing);
    rooms = std::make_unique<Rooms>(std::move(placing));
    Lessons::Wiring teaching;
    teaching.store = store.get();
    teaching.public_url = public_url;
    teaching.session_key = secrets.session_key;
    teaching.close_room = [this](const std::string& room, lesson::EndReason why) {
        rooms->close(room, livekit::ROOM_DELETED, lesson::name_of(why));
    };
    teaching.is_open = [this](const std::string& room) { return rooms->find(room).has_value(); };
    lessons = std::make_unique<Lessons>(std::move(teaching));
    if (auto loaded = rooms->load(); !loaded) return loaded;
    if (auto loaded = lessons->load(); !loaded) return loaded;
    if (auto loaded = load_city(); !loaded) return loaded;
    accounts = std::make_unique<Accounts>(Accounts::Wiring{
        .loop = &loop, .store = store.get(), .cost = options.password_cost, .city = options.clock});
    if (auto loaded = accounts->load(); !loaded) return loaded;
    store->start([this](Task task) { loop.post(std::move(task)); });

    events = std::make_unique<EventLog>(
        loop, *store,
        [this](const std::string& node, const control::LessonEvents& stored) {
            on_events_stored(node, stored);
        },
        [this](const std::string& room) { return ask_for_events(room); });
    webhooks = std::make_unique<Webhooks>(loop, *client, keys, options.webhook_urls);
    relay = std::make_unique<Relay>(
        Relay::Wiring{&loop, links.get(), rooms.get(), lessons.get(), &keys});
    service =
        std::make_unique<RoomService>(RoomService::Wiring{&loop, links.get(), rooms.get(), &keys});
    make_keeper();
    api = std::make_unique<Api>(
        Api::Wiring{&loop, lessons.get(), rooms.get(), &keys, secrets.admin_token});
    OperatorApi::Wiring operating;
    operating.loop = &loop;
    operating.store = store.get();
    operating.rooms = rooms.get();
    operating.lessons = lessons.get();
    operating.accounts = accounts.get();
    operating.keeper = keeper.get();
    operating.timetables = timetables.get();
    operating.demand = demand.get();
    operating.ledger = ledger.get();
    operating.clock = options.clock;
    operating.public_url = public_url;
    operator_api = std::make_unique<OperatorApi>(std::move(operating));
    if (keeper) keeper->start();
    lessons->forget_old();
    tidy = loop.every(tidy_period, [this] { lessons->forget_old(); });
    forget_old();
    forgetting = loop.every(forgetting_period, [this] { forget_old(); });
    log::info("the hub is up", {{"address", server->local().text()},
                                {"node_link", links->local().text()},
                                {"lessons", lessons->size()},
                                {"pages", pages.size()}});
    return {};
}

const net::Address& Hub::address() const { return state_->server->local(); }
const net::Address& Hub::node_link_address() const { return state_->links->local(); }
const std::string& Hub::public_url() const { return state_->public_url; }
std::string Hub::admin_link() const {
    return state_->public_url + "/#admin=" + state_->secrets.admin_token;
}

std::string Hub::setup_link() const {
    const auto& token = state_->accounts->setup_token();
    return token.empty() ? std::string() : state_->public_url + "/operator#setup=" + token;
}

Expected<control::NodeLinkOptions, Error> Hub::invite_node(const std::string& name,
                                                           const std::string& host) const {
    if (host != state_->node_host) {
        return fail(Error{ErrorCode::invalid, "this hub's certificate is for " + state_->node_host +
                                                  ", not for " + host});
    }
    auto certificate = crypto::issue(state_->secrets.authority, name);
    if (!certificate) return fail(std::move(certificate).error());
    const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return control::NodeLinkOptions{shown + ":" + std::to_string(node_link_address().port()),
                                    state_->secrets.authority.certificate_pem,
                                    std::move(*certificate)};
}

std::vector<std::string> Hub::nodes() const {
    std::vector<std::string> names;
    for (const auto& [name, node] : state_->rooms->nodes()) names.push_back(name);
    return names;
}

void Hub::drain_node(const std::string& node) { state_->rooms->drain(node); }

void Hub::mount(std::string prefix, Handler handler) {
    state_->mounts.emplace_back(std::move(prefix), std::move(handler));
}

Lessons& Hub::lessons() { return *state_->lessons; }
store::Store& Hub::store() { return *state_->store; }
http::Client& Hub::http_client() { return *state_->client; }
Keeper* Hub::keeper() { return state_->keeper.get(); }

void Hub::stop(std::function<void()> done) {
    log::info("the hub stops", {{"clients", state_->relay->size()}});
    state_->stopping = true;
    if (state_->keeper) state_->keeper->stop();
    state_->server->stop_accepting();
    state_->relay->close_all();
    state_->finish_stop(state_->loop.now() + goodbye_time, std::move(done));
}

/// When the last client has said goodbye too, or after a moment; what was asked of the store is
/// written then.
void Hub::State::finish_stop(Time until, std::function<void()> done) {
    if (relay->size() != 0 && loop.now() < until) {
        loop.after(std::chrono::milliseconds(20), [this, until, done = std::move(done)]() mutable {
            finish_stop(until, std::move(done));
        });
        return;
    }
    store->ask([](soci::session&) {},
               [done = std::move(done)](const Expected<void, Error>&) { done(); });
}

}  // namespace aula::hub
