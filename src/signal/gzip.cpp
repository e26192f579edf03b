// SPDX-License-Identifier: Apache-2.0
#include "signal/gzip.hpp"

#include <algorithm>

#include <zlib.h>

#include "base/expects.hpp"

namespace aula::signal {

namespace {

constexpr int gzip_window = 15 + 16;  // zlib: 16 asks for the gzip wrapper

struct Inflater {
    z_stream stream{};
    Inflater() { AULA_EXPECTS(inflateInit2(&stream, gzip_window) == Z_OK); }
    ~Inflater() { inflateEnd(&stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
};

struct Deflater {
    z_stream stream{};
    Deflater() {
        AULA_EXPECTS(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window, 8,
                                  Z_DEFAULT_STRATEGY) == Z_OK);
    }
    ~Deflater() { deflateEnd(&stream); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;
};

void set_input(z_stream& stream, Bytes bytes) {
    stream.next_in = const_cast<Bytef*>(bytes.data());  // zlib only reads it
    stream.avail_in = static_cast<uInt>(bytes.size());
}

void set_output(z_stream& stream, Buffer& buffer, std::size_t from) {
    stream.next_out = buffer.data() + from;
    stream.avail_out = static_cast<uInt>(buffer.size() - from);
}

}  // namespace

Expected<Buffer, SignalError> gunzip(Bytes compressed, std::size_t limit) {
    Inflater inflater;
    set_input(inflater.stream, compressed);
    Buffer plain(std::min<std::size_t>(limit, 16 * 1024));
    std::size_t size = 0;
    for (;;) {
        set_output(inflater.stream, plain, size);
        const int result = inflate(&inflater.stream, Z_NO_FLUSH);
        size = plain.size() - inflater.stream.avail_out;
        if (result == Z_STREAM_END) break;
        if (result != Z_OK && result != Z_BUF_ERROR) return fail(SignalError::compression);
        if (inflater.stream.avail_out != 0) return fail(SignalError::compression);  // cut off
        if (plain.size() == limit) return fail(SignalError::size);
        plain.resize(std::min(limit, plain.size() * 2));
    }
    if (inflater.stream.avail_in != 0) return fail(SignalError::compression);
    plain.resize(size);
    return plain;
}

Buffer gzip(Bytes plain) {
    Deflater deflater;
    Buffer compressed(deflateBound(&deflater.stream, static_cast<uLong>(plain.size())));
    set_input(deflater.stream, plain);
    set_output(deflater.stream, compressed, 0);
    AULA_EXPECTS(deflate(&deflater.stream, Z_FINISH) == Z_STREAM_END);
    compressed.resize(compressed.size() - deflater.stream.avail_out);
    return compressed;
}

}  // namespace aula::signal
