// SPDX-License-Identifier: Apache-2.0
#include "srtp/gcm.hpp"

#include <intel-ipsec-mb.h>
#include <openssl/crypto.h>

#include "base/expects.hpp"
#include "crypto/hash.hpp"

namespace aula::srtp {
namespace {

struct IpsecMb {
    aes_gcm_pre_t expand_key = nullptr;
    aes_gcm_enc_dec_t seal = nullptr;
    aes_gcm_enc_dec_t open = nullptr;
};

// The direct calls for this processor, or nulls. The manager only finds them; they do not need it
// afterwards.
IpsecMb find_ipsec_mb() {
    IpsecMb found;
    IMB_MGR* manager = alloc_mb_mgr(0);
    if (manager == nullptr) return found;
    IMB_ARCH architecture = IMB_ARCH_NONE;
    init_mb_mgr_auto(manager, &architecture);
    constexpr auto needed = IMB_FEATURE_AESNI | IMB_FEATURE_PCLMULQDQ;
    if (imb_get_errno(manager) == 0 && architecture >= IMB_ARCH_SSE &&
        (manager->features & needed) == needed) {
        found = {manager->gcm128_pre, manager->gcm128_enc, manager->gcm128_dec};
    }
    free_mb_mgr(manager);
    return found;
}

const IpsecMb& ipsec_mb() {
    static const IpsecMb found = find_ipsec_mb();
    return found;
}

void openssl_begin(EVP_CIPHER_CTX* context, const Gcm::Nonce& nonce, Bytes associated, bool seal) {
    int written = 0;
    AULA_EXPECTS(EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, nonce.data(), seal) == 1);
    AULA_EXPECTS(EVP_CipherUpdate(context, nullptr, &written, associated.data(),
                                  static_cast<int>(associated.size())) == 1);
}

}  // namespace

Engine best_engine() { return ipsec_mb().seal != nullptr ? Engine::ipsec_mb : Engine::openssl; }

// The library's header aligns it only when LINUX is defined, and its code wants it aligned.
struct alignas(64) Gcm::ExpandedKey {
    ~ExpandedKey() { OPENSSL_cleanse(&data, sizeof data); }
    gcm_key_data data;
};

Gcm::Gcm(Bytes key, Engine engine) {
    AULA_EXPECTS(key.size() == 16);
    if (engine == Engine::ipsec_mb) {
        AULA_EXPECTS(ipsec_mb().seal != nullptr);
        ipsec_mb_ = std::make_unique<ExpandedKey>();
        ipsec_mb().expand_key(key.data(), &ipsec_mb_->data);
        return;
    }
    openssl_.reset(EVP_CIPHER_CTX_new());
    AULA_EXPECTS(
        EVP_CipherInit_ex(openssl_.get(), EVP_aes_128_gcm(), nullptr, key.data(), nullptr, 1) == 1);
}

Gcm::~Gcm() = default;

void Gcm::seal(const Nonce& nonce, Bytes associated, Bytes plain, std::uint8_t* out) {
    std::uint8_t* tag = out + plain.size();
    if (ipsec_mb_) {
        gcm_context_data scratch{};
        ipsec_mb().seal(&ipsec_mb_->data, &scratch, out, plain.empty() ? out : plain.data(),
                        plain.size(), nonce.data(), associated.data(), associated.size(), tag,
                        tag_size);
        return;
    }
    int written = 0;
    openssl_begin(openssl_.get(), nonce, associated, true);
    if (!plain.empty()) {
        AULA_EXPECTS(EVP_CipherUpdate(openssl_.get(), out, &written, plain.data(),
                                      static_cast<int>(plain.size())) == 1);
    }
    AULA_EXPECTS(EVP_CipherFinal_ex(openssl_.get(), tag, &written) == 1);
    AULA_EXPECTS(EVP_CIPHER_CTX_ctrl(openssl_.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, tag) == 1);
}

bool Gcm::open(const Nonce& nonce, Bytes associated, Bytes sealed, std::uint8_t* out) {
    const Bytes text = sealed.first(sealed.size() - tag_size);
    std::array<std::uint8_t, tag_size> tag{};
    if (ipsec_mb_) {
        gcm_context_data scratch{};
        ipsec_mb().open(&ipsec_mb_->data, &scratch, out, text.data(), text.size(), nonce.data(),
                        associated.data(), associated.size(), tag.data(), tag.size());
        return crypto::equal_in_constant_time(tag, sealed.last(tag_size));
    }
    int written = 0;
    std::copy(sealed.end() - tag_size, sealed.end(), tag.begin());
    openssl_begin(openssl_.get(), nonce, associated, false);
    if (!text.empty()) {
        AULA_EXPECTS(EVP_CipherUpdate(openssl_.get(), out, &written, text.data(),
                                      static_cast<int>(text.size())) == 1);
    }
    AULA_EXPECTS(EVP_CIPHER_CTX_ctrl(openssl_.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) ==
                 1);
    return EVP_CipherFinal_ex(openssl_.get(), tag.data(), &written) == 1;
}

}  // namespace aula::srtp
