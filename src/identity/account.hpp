// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace aula::identity {

enum class AccountRole : std::uint8_t {
    viewer,     // may look at everything
    operator_,  // may act
};
std::string_view role_name(AccountRole role);  // "viewer", "operator"
std::optional<AccountRole> parse_account_role(std::string_view name);

/// Somebody who may sign in to the operator's page.
struct Account {
    std::string name;  // as it was typed; "Anna" and "anna" are the same account
    AccountRole role = AccountRole::viewer;
    std::string password;  // hashed
    WallTime created{};
    std::optional<WallTime> last_sign_in;
};

enum class AccountRefusal : std::uint8_t { exists, unknown, too_many, last_operator };

/// The accounts of an installation. Once there is an operator there always is one.
class AccountTable {
public:
    Expected<const Account*, AccountRefusal> add(Account account);
    Expected<void, AccountRefusal> remove(std::string_view name);
    /// Undoes an add() that could not be stored, were it the only operator's.
    void take_back(std::string_view name) { accounts_.erase(key_of(name)); }
    Expected<void, AccountRefusal> set_role(std::string_view name, AccountRole role);
    Expected<void, AccountRefusal> set_password(std::string_view name, std::string hash);
    void note_sign_in(std::string_view name, WallTime at);

    const Account* find(std::string_view name) const;
    /// By their keys.
    const std::map<std::string, Account>& all() const { return accounts_; }

    /// The name without the difference of capitals (of ASCII): what an account is known by.
    static std::string key_of(std::string_view name);

private:
    bool is_last_operator(const Account& account) const;

    std::map<std::string, Account> accounts_;
};

}  // namespace aula::identity
