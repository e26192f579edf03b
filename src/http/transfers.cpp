// SPDX-License-Identifier: Apache-2.0
#include "http/transfers.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <curl/curl.h>

#include "base/expects.hpp"

namespace aula::http {
namespace {

constexpr std::size_t most_answer_header = 256 << 10;
constexpr long most_connections = 64;
constexpr int poll_ms = 1000;

std::string lower_name(std::string_view text) {
    std::string lowered(text);
    for (char& c : lowered) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lowered;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blank);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

void start_curl_once() {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    AULA_EXPECTS(started == CURLE_OK);
}

}  // namespace

/// One call under way; curl's callbacks fill the answer.
struct Transfers::Transfer {
    Transfer(Id with, Call of);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    void set_up();
    void set_method();
    std::size_t take_header(std::string_view line);
    std::size_t take_body(std::string_view part);
    Expected<Response, Error> outcome(CURLcode code);

    Id id;
    Call call;
    CURL* easy;
    curl_slist* fields = nullptr;
    Response answer;
    std::size_t header_bytes = 0;
    bool too_long = false;
};

Transfers::Transfer::Transfer(Id with, Call of)
    : id(with), call(std::move(of)), easy(curl_easy_init()) {
    AULA_EXPECTS(easy != nullptr);
    set_up();
}

Transfers::Transfer::~Transfer() {
    curl_easy_cleanup(easy);
    curl_slist_free_all(fields);
}

void Transfers::Transfer::set_up() {
    using Write = std::size_t (*)(char*, std::size_t, std::size_t, void*);
    const Write on_header = [](char* at, std::size_t size, std::size_t count, void* self) {
        return static_cast<Transfer*>(self)->take_header({at, size * count});
    };
    const Write on_body = [](char* at, std::size_t size, std::size_t count, void* self) {
        return static_cast<Transfer*>(self)->take_body({at, size * count});
    };
    curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
    curl_easy_setopt(easy, CURLOPT_URL, call.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(call.timeout.count()));
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
    fields = curl_slist_append(fields, "Expect:");  // saves a round trip before a body
    for (const auto& [name, value] : call.headers) {
        const std::string field = value.empty() ? name + ";" : name + ": " + value;
        // A line break would begin a field of someone else's making.
        if (field.find_first_of("\r\n") == field.npos) {
            fields = curl_slist_append(fields, field.c_str());
        }
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fields);
    set_method();
}

void Transfers::Transfer::set_method() {
    const bool sends_body = !call.body.empty() || call.method == "POST" || call.method == "PUT" ||
                            call.method == "PATCH";
    if (sends_body) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(call.body.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call.body.data());
    }
    if (call.method == "HEAD")
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call.method.c_str());
    // When a kept connection ends before the answer, libcurl sends the request again on another one
    // without telling: only reading may be done twice.
    if (call.method != "GET" && call.method != "HEAD")
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
}

std::size_t Transfers::Transfer::take_header(std::string_view line) {
    header_bytes += line.size();
    too_long = too_long || header_bytes > most_answer_header;
    if (too_long) return 0;
    if (line.starts_with("HTTP/")) answer.headers = {};  // after "100 Continue" the answer itself
    const std::size_t colon = line.find(':');
    if (colon != line.npos) {
        answer.headers.add(lower_name(line.substr(0, colon)),
                           std::string(trimmed(line.substr(colon + 1))));
    }
    return line.size();
}

std::size_t Transfers::Transfer::take_body(std::string_view part) {
    too_long = too_long || part.size() > call.answer_bytes - answer.body.size();
    if (too_long) return 0;
    answer.body += part;
    return part.size();
}

Expected<Response, Error> Transfers::Transfer::outcome(CURLcode code) {
    if (too_long) return fail(Error{ErrorCode::invalid, "the answer is too long"});
    if (code == CURLE_OPERATION_TIMEDOUT) {
        return fail(Error{ErrorCode::timeout, "no answer within the time allowed"});
    }
    if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL) {
        return fail(Error{ErrorCode::invalid, curl_easy_strerror(code)});
    }
    if (code != CURLE_OK) return fail(Error{ErrorCode::unavailable, curl_easy_strerror(code)});
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    return std::move(answer);
}

struct Transfers::Multi {
    Multi() : handle(curl_multi_init()) { AULA_EXPECTS(handle != nullptr); }
    ~Multi() {
        for (const auto& [easy, transfer] : running) curl_multi_remove_handle(handle, easy);
        running.clear();
        curl_multi_cleanup(handle);
    }
    Multi(const Multi&) = delete;
    Multi& operator=(const Multi&) = delete;

    CURLM* handle;
    std::unordered_map<CURL*, std::unique_ptr<Transfer>> running;
};

Transfers::Transfers(Finished finished) : finished_(std::move(finished)) {
    start_curl_once();
    multi_ = std::make_unique<Multi>();
    curl_multi_setopt(multi_->handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, most_connections);
    thread_ = std::thread([this] { run(); });
}

Transfers::~Transfers() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    curl_multi_wakeup(multi_->handle);
    thread_.join();
}

void Transfers::start(Id id, Call call) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.emplace_back(id, std::move(call));
    }
    curl_multi_wakeup(multi_->handle);
}

void Transfers::run() {
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) return;
        }
        begin_waiting();
        int running = 0;
        curl_multi_perform(multi_->handle, &running);
        report_finished();
        curl_multi_poll(multi_->handle, nullptr, 0, poll_ms, nullptr);
    }
}

void Transfers::begin_waiting() {
    std::vector<std::pair<Id, Call>> fresh;
    {
        const std::lock_guard lock(mutex_);
        fresh.swap(waiting_);
    }
    for (auto& [id, call] : fresh) {
        auto transfer = std::make_unique<Transfer>(id, std::move(call));
        CURL* easy = transfer->easy;
        curl_multi_add_handle(multi_->handle, easy);
        multi_->running.emplace(easy, std::move(transfer));
    }
}

void Transfers::report_finished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_->handle, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        CURL* easy = message->easy_handle;
        const CURLcode code = message->data.result;  // the message dies with the removal
        curl_multi_remove_handle(multi_->handle, easy);
        const auto node = multi_->running.extract(easy);
        finished_(node.mapped()->id, node.mapped()->outcome(code));
    }
}

}  // namespace aula::http
