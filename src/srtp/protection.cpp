// SPDX-License-Identifier: Apache-2.0
#include "srtp/protection.hpp"

#include "srtp/counter_protection.hpp"
#include "srtp/gcm_protection.hpp"

namespace aula::srtp {

std::unique_ptr<Protection> make_protection(Profile profile, const SessionKeys& keys,
                                            Engine engine) {
    if (profile == Profile::aead_aes_128_gcm) return std::make_unique<GcmProtection>(keys, engine);
    return std::make_unique<CounterProtection>(keys);
}

}  // namespace aula::srtp
