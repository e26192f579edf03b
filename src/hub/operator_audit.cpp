// SPDX-License-Identifier: Apache-2.0
#include "hub/operator_audit.hpp"

#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "store/store.hpp"

namespace aula::hub {

namespace {

constexpr std::chrono::milliseconds deeds_kept = std::chrono::hours(24 * 365);

}  // namespace

void OperatorAudit::add(store::DeedRow deed) {
    log::info("an operator acts",
              {{"who", deed.who}, {"act", deed.act}, {"what", deed.what}, {"why", deed.why}});
    store_.ask(
        [deed = std::move(deed)](soci::session& session) {
            store::add_deed(session, deed);
            store::delete_deeds(session, deed.at - deeds_kept.count());
        },
        [](const Expected<void, Error>& saved) {
            if (!saved)
                log::error("an operator's deed is not written", {{"why", saved.error().text}});
        });
}

void OperatorAudit::list(std::int64_t before, std::size_t most, Listed listed) {
    store_.ask(
        [before, most](soci::session& session) { return store::load_deeds(session, before, most); },
        std::move(listed));
}

}  // namespace aula::hub
