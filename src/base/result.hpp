// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace aula {

template <class T, class E>
using Expected = tl::expected<T, E>;

template <class E>
auto fail(E error) {
    return tl::make_unexpected(std::move(error));
}

enum class ErrorCode : unsigned char {
    invalid,  // the caller's input is wrong
    not_found,
    refused,  // not allowed
    conflict,
    unavailable,  // try again later
    timeout,
    internal,
};

/// Why an operation failed: a code to branch on, and a sentence for a person.
struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string text;
};

}  // namespace aula
