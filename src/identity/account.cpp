// SPDX-License-Identifier: Apache-2.0
#include "identity/account.hpp"

#include <algorithm>
#include <utility>

namespace aula::identity {

namespace {

constexpr std::size_t most_accounts = 1'000;

}  // namespace

std::string_view role_name(AccountRole role) {
    return role == AccountRole::operator_ ? "operator" : "viewer";
}

std::optional<AccountRole> parse_account_role(std::string_view name) {
    if (name == "operator") return AccountRole::operator_;
    if (name == "viewer") return AccountRole::viewer;
    return std::nullopt;
}

std::string AccountTable::key_of(std::string_view name) {
    std::string key(name);
    for (char& c : key)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return key;
}

const Account* AccountTable::find(std::string_view name) const {
    const auto at = accounts_.find(key_of(name));
    return at == accounts_.end() ? nullptr : &at->second;
}

Expected<const Account*, AccountRefusal> AccountTable::add(Account account) {
    if (accounts_.size() >= most_accounts) return fail(AccountRefusal::too_many);
    const auto key = key_of(account.name);
    const auto [at, added] = accounts_.try_emplace(key, std::move(account));
    if (!added) return fail(AccountRefusal::exists);
    return &at->second;
}

bool AccountTable::is_last_operator(const Account& account) const {
    return account.role == AccountRole::operator_ &&
           std::count_if(accounts_.begin(), accounts_.end(), [](const auto& entry) {
               return entry.second.role == AccountRole::operator_;
           }) == 1;
}

Expected<void, AccountRefusal> AccountTable::remove(std::string_view name) {
    const auto at = accounts_.find(key_of(name));
    if (at == accounts_.end()) return fail(AccountRefusal::unknown);
    if (is_last_operator(at->second)) return fail(AccountRefusal::last_operator);
    accounts_.erase(at);
    return {};
}

Expected<void, AccountRefusal> AccountTable::set_role(std::string_view name, AccountRole role) {
    const auto at = accounts_.find(key_of(name));
    if (at == accounts_.end()) return fail(AccountRefusal::unknown);
    if (role != AccountRole::operator_ && is_last_operator(at->second))
        return fail(AccountRefusal::last_operator);
    at->second.role = role;
    return {};
}

Expected<void, AccountRefusal> AccountTable::set_password(std::string_view name, std::string hash) {
    const auto at = accounts_.find(key_of(name));
    if (at == accounts_.end()) return fail(AccountRefusal::unknown);
    at->second.password = std::move(hash);
    return {};
}

void AccountTable::note_sign_in(std::string_view name, WallTime at) {
    const auto found = accounts_.find(key_of(name));
    if (found != accounts_.end()) found->second.last_sign_in = at;
}

}  // namespace aula::identity
