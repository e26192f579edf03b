// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "net/address.hpp"

namespace aula::net {

/// A non-blocking, close-on-exec socket for that address's family; a dual-stack one for "[::]". -1:
/// see errno.
int open_socket(const Address& address, int type);
/// False when the kernel refuses.
bool set_option(int fd, int level, int option, int value);
Address local_address(int fd);
/// The sentence, the address and what errno says.
Error socket_error(const char* what, const Address& address);

}  // namespace aula::net
