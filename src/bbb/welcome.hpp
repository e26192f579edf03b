// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "bbb/meeting.hpp"

namespace aula::bbb {

/// A platform's HTML as people read it in a chat: breaks, list items and paragraphs are lines, a
/// link's address stands behind its words, everything else of the markup is gone. Whatever comes
/// in, the outcome is plain text of at most `most` bytes, cut between characters.
std::string plain_text(std::string_view html, std::size_t most);

/// A text that the create call gave (welcome, moderatorOnlyMessage) with %%CONFNAME%%, %%DIALNUM%%
/// and %%CONFNUM%% filled in, as plain text.
std::string greeting(const Meeting& meeting, std::string_view parameter);

}  // namespace aula::bbb
