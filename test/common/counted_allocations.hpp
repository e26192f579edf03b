// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdlib>
#include <new>

namespace aula::test {

/// What the whole test binary has taken from the heap. One file of the binary may include this.
inline std::atomic<std::size_t> allocations = 0;

}  // namespace aula::test

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++aula::test::allocations;
    return std::malloc(size != 0 ? size : 1);
}
void* operator new(std::size_t size) {
    if (void* memory = operator new(size, std::nothrow)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
