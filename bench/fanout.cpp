// SPDX-License-Identifier: Apache-2.0
// What forwarding one packet to one receiver costs: a room with one publisher and 100 receivers,
// from the received, protected packet to the sent ones, beside the bare loop that does nothing but
// rewrite, seal and send. Hub, node and participants are real and meet by ICE and DTLS on loopback;
// then the kernel is told to drop what the receivers get, so that only the sending thread is
// measured, by its CPU time. Usage: bench_fanout [--json FILE]; for a profiler, that runs the
// shard only: bench_fanout --profile PAYLOAD BURST
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <boost/json.hpp>
#include <intel-ipsec-mb.h>
#include <linux/filter.h>
#include <linux/sock_diag.h>
#include <netinet/udp.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.hpp"
#include "crypto/random.hpp"
#include "hub/hub.hpp"
#include "node/node.hpp"
#include "participant/client.hpp"
#include "signal/access_token.hpp"

using namespace aula;

namespace {

/// How often each thread came to the heap.
struct ThreadAllocations {
    std::atomic<pid_t> thread = 0;
    std::atomic<std::uint64_t> count = 0;
};
std::array<ThreadAllocations, 64> allocations;
std::atomic<std::size_t> allocating_threads = 0;
thread_local ThreadAllocations* own_allocations = nullptr;

void note_allocation() {
    if (own_allocations == nullptr) {
        own_allocations = &allocations[allocating_threads++ % allocations.size()];
        own_allocations->thread = gettid();
    }
    own_allocations->count.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

// Not inlined: the compiler would take malloc() and free() in their place for a mismatched pair.
[[gnu::noinline]] void* operator new(std::size_t size) {
    note_allocation();
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
    note_allocation();
    const auto align = static_cast<std::size_t>(alignment);
    if (void* memory = std::aligned_alloc(align, (size + align - 1) / align * align)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

namespace {

constexpr std::size_t receivers = 100;
constexpr int rounds = 11;
constexpr int bursts_a_round = 60;
constexpr int driving_core = 0;
constexpr int measured_core = 1;  // the shard, and in its turn the bare loop

void require(bool held, const char* what) {
    if (!held) throw std::runtime_error(what);
}

void pin(pid_t thread, int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(core), &set);
    // On a machine with one core everything runs there, and the figures are worth less.
    sched_setaffinity(thread, sizeof set, &set);
}

/// What else runs on this machine would cool the caches; threads made later inherit it. Without the
/// right to it the figures are only less steady.
void keep_others_away() {
    const sched_param priority{10};
    sched_setscheduler(0, SCHED_FIFO, &priority);
}

/// User and system time of any thread of this process.
double cpu_ns(pid_t thread) {
    constexpr unsigned per_thread_scheduler_clock = 6;  // as pthread_getcpuclockid() makes it
    const auto clock =
        static_cast<clockid_t>((~static_cast<unsigned>(thread) << 3) | per_thread_scheduler_clock);
    timespec time{};
    require(clock_gettime(clock, &time) == 0, "no CPU clock for the thread");
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

/// The receiving socket keeps no media: such datagrams are dropped on arrival, after the whole way
/// through the stack. STUN and DTLS pass, so that consent goes on. Without UDP_GRO the stack splits
/// what came as one message, as towards a network card that cannot.
void drop_media(int socket) {
    constexpr std::uint32_t first_byte = 8;  // behind the UDP header
    std::array<sock_filter, 4> drop{{BPF_STMT(BPF_LD | BPF_B | BPF_ABS, first_byte),
                                     BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 128, 0, 1),
                                     BPF_STMT(BPF_RET | BPF_K, 0),
                                     BPF_STMT(BPF_RET | BPF_K, 0xffff)}};
    const sock_fprog program{static_cast<unsigned short>(drop.size()), drop.data()};
    const int off = 0;
    require(setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 &&
                setsockopt(socket, IPPROTO_UDP, UDP_GRO, &off, sizeof off) == 0,
            "no socket filter");
}

/// Datagrams the socket has dropped.
std::uint32_t dropped_by(int socket) {
    std::array<std::uint32_t, SK_MEMINFO_VARS> figures{};
    socklen_t size = sizeof figures;
    require(getsockopt(socket, SOL_SOCKET, SO_MEMINFO, figures.data(), &size) == 0,
            "no drop counter");
    return figures[SK_MEMINFO_DROPS];
}

struct Case {
    std::size_t payload;
    std::size_t burst;
};

struct Round {
    double ns_per_packet = 0;
    double allocations_per_packet = 0;
};

/// Hub, node and 101 participants.
class Lesson {
public:
    Lesson();
    ~Lesson() { std::filesystem::remove_all(folder_); }
    Lesson(const Lesson&) = delete;
    Lesson& operator=(const Lesson&) = delete;

    Round run(const Case& what);

private:
    std::unique_ptr<participant::Client> join(const std::string& identity);
    void send_burst(const Case& what);
    void let_others_work(Duration duration);
    template <class Condition>
    void run_until(Condition condition, const char* what);
    void find_shard();

    std::filesystem::path folder_;
    net::Loop loop_;
    dtls::Identity identity_;
    std::unique_ptr<hub::Hub> hub_;
    std::unique_ptr<node::Node> node_;
    std::unique_ptr<participant::Client> publisher_;
    participant::Publication* audio_ = nullptr;
    participant::Publication* video_ = nullptr;
    std::vector<std::unique_ptr<participant::Client>> receivers_;
    pid_t shard_ = 0;
    const ThreadAllocations* shard_allocations_ = nullptr;
    std::uint32_t timestamp_ = 0;
    std::uint16_t picture_ = 0;
};

const std::string secret = "a secret of thirty-two characters";

Lesson::Lesson() {
    std::string name = (std::filesystem::temp_directory_path() / "aula_fanout_XXXXXX").string();
    folder_ = mkdtemp(name.data());
    hub::HubOptions hub;
    hub.listen = hub.node_link = *net::Address::parse("127.0.0.1:0");
    hub.data_dir = folder_;
    hub.livekit_keys = {{"key", secret}};
    hub_ = std::move(*hub::Hub::start(loop_, hub));
    node::NodeOptions node;
    node.link = *hub_->invite_node("node", "127.0.0.1");
    node.media = *net::Address::parse("127.0.0.1:0");
    node.shards = 1;
    node_ = std::move(*node::Node::start(loop_, node));
    run_until([&] { return hub_->nodes().size() == 1; }, "the node did not come up");
    publisher_ = join("publisher");
    audio_ = &publisher_->publish({});
    participant::PublishOptions camera;
    camera.source = livekit::CAMERA;
    camera.layers = {{"", 1280, 720, 2'000'000}};
    video_ = &publisher_->publish(camera);
    run_until([&] { return audio_->wants(0) && video_->wants(0); }, "nothing can be published");
    for (std::size_t i = 0; i < receivers; ++i) {
        receivers_.push_back(join("receiver-" + std::to_string(i)));
    }
    const auto gets_both = [](const auto& client) {
        std::size_t flowing = 0;
        for (const auto& [ssrc, stream] : client->incoming()) flowing += stream.packets > 0;
        return flowing == 2;
    };
    const auto sending = loop_.every(20ms, [&] {
        send_burst({1200, 1});
        send_burst({160, 1});
    });
    run_until([&] { return std::ranges::all_of(receivers_, gets_both); }, "not everybody receives");
    loop_.cancel(sending);
    let_others_work(500ms);
    for (const auto& receiver : receivers_) drop_media(receiver->media_socket().fd());
    find_shard();
}

std::unique_ptr<participant::Client> Lesson::join(const std::string& identity) {
    signal::AccessToken token;
    token.key_id = "key";
    token.identity = identity;
    token.video.room = "room";
    token.video.room_join = true;
    token.expires = WallClock::now() + std::chrono::hours(1);
    participant::ClientOptions options;
    options.url = "ws://" + hub_->address().text();
    options.token = signal::mint(token, secret);
    options.media = *net::Address::parse("127.0.0.1:0");
    return std::move(*participant::Client::join(loop_, identity_, options, {}));
}

template <class Condition>
void Lesson::run_until(Condition condition, const char* what) {
    bool held = false;
    const auto look = loop_.every(1ms, [&] {
        if ((held = condition())) loop_.stop();
    });
    const auto limit = loop_.after(60s, [&] { loop_.stop(); });
    loop_.run();
    loop_.cancel(look);
    loop_.cancel(limit);
    require(held, what);
}

void Lesson::let_others_work(Duration duration) {
    loop_.after(duration, [this] { loop_.stop(); });
    loop_.run();
}

/// The one thread of that name, and its heap counter.
void Lesson::find_shard() {
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        std::string name;
        std::ifstream(task.path() / "comm") >> name;
        if (name == "shard") shard_ = std::stoi(task.path().filename().string());
    }
    require(shard_ != 0, "the shard's thread is not found");
    pin(shard_, measured_core);
    for (const ThreadAllocations& of : allocations) {
        if (of.thread == shard_) shard_allocations_ = &of;
    }
    require(shard_allocations_ != nullptr, "the shard never allocated");
}

/// One frame of equal packets, which leave as one message and so come in as one.
void Lesson::send_burst(const Case& what) {
    std::array<std::uint8_t, 1200> bytes{};
    const Bytes payload = Bytes(bytes).first(what.payload);
    timestamp_ += 3000;
    picture_ = (picture_ + 1) & 0x7fff;
    const bool video = what.payload > 160;
    participant::Publication& to = video ? *video_ : *audio_;
    const bool key_frame = video && to.take_key_frame_request(0);
    for (std::size_t i = 0; i < what.burst; ++i) {
        if (video) {  // a VP8 descriptor of one temporal layer, and a frame header in the first
            bytes[0] = i == 0 ? 0x90 : 0x80;
            bytes[1] = 0x80;
            store16(&bytes[2], static_cast<std::uint16_t>(0x8000 | picture_));
            bytes[4] = key_frame || i > 0 ? 0 : 1;
        }
        to.send(0, {payload, timestamp_, i + 1 == what.burst, rtp::AudioLevel{30, true}},
                Clock::now());
    }
    publisher_->media_socket().queue().flush();
}

Round Lesson::run(const Case& what) {
    let_others_work(20ms);
    const int last = receivers_.back()->media_socket().fd();
    std::uint64_t before = 0;
    for (const auto& receiver : receivers_) before += dropped_by(receiver->media_socket().fd());
    const double cpu_before = cpu_ns(shard_);
    const std::uint64_t heap_before = shard_allocations_->count;
    for (int i = 0; i < bursts_a_round; ++i) {
        const std::uint32_t wanted = dropped_by(last) + static_cast<std::uint32_t>(what.burst);
        send_burst(what);
        const Time limit = Clock::now() + 20ms;
        while (static_cast<std::int32_t>(dropped_by(last) - wanted) < 0 && Clock::now() < limit) {
        }
    }
    std::this_thread::sleep_for(2ms);  // what the shard does after the last packet
    const double cpu = cpu_ns(shard_) - cpu_before;
    const auto heap = shard_allocations_->count - heap_before;
    std::uint64_t packets = 0;
    for (const auto& receiver : receivers_) packets += dropped_by(receiver->media_socket().fd());
    packets -= before;
    const auto count = static_cast<double>(packets);
    const auto expected = static_cast<double>(receivers * what.burst * bursts_a_round);
    require(count >= 0.99 * expected, "packets were not forwarded");
    return {cpu / count, static_cast<double>(heap) / count};
}

/// The bare loop: what is left when everything but rewriting, sealing and sending is left out.
class Bare {
public:
    Bare();
    ~Bare();
    Bare(const Bare&) = delete;
    Bare& operator=(const Bare&) = delete;

    double run(const Case& what);

private:
    static constexpr std::size_t header_size = 20;  // with the transport-wide number
    static constexpr std::size_t tag_size = 16;
    static constexpr std::size_t most_messages = 64;
    struct alignas(64) Key {
        gcm_key_data data;
    };
    struct Receiver {
        int socket = -1;
        net::Address address;
        std::array<std::uint8_t, 12> salt{};
        std::uint32_t ssrc = 0, timestamp_offset = 0;
        std::uint16_t number_offset = 0, transport_number = 0;
    };

    void forward(const Case& what, int bursts);
    std::size_t write(std::size_t receiver, std::uint8_t* out, std::size_t payload);

    IMB_MGR* manager_;
    std::vector<Key> keys_;
    std::vector<Receiver> receivers_;
    int socket_;
    Buffer source_;
    Buffer out_;
    std::uint16_t number_ = 0;
    std::uint32_t timestamp_ = 0;
};

int loopback_socket(net::Address& address) {
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    address = *net::Address::parse("127.0.0.1:0");
    require(fd >= 0 && bind(fd, address.raw(), address.size()) == 0, "no socket");
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size);
    address = net::Address(reinterpret_cast<const sockaddr*>(&bound), size);
    const int large = 8 << 20;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &large, sizeof large);
    return fd;
}

Bare::Bare() : manager_(alloc_mb_mgr(0)), keys_(receivers), receivers_(receivers), source_(4096) {
    require(manager_ != nullptr, "no ipsec-mb");
    init_mb_mgr_auto(manager_, nullptr);
    crypto::random_fill(source_);
    source_[0] = 0x90;  // an RTP packet with a header extension
    out_.resize(receivers * 8 * 1500);
    net::Address own;
    socket_ = loopback_socket(own);
    for (std::size_t i = 0; i < receivers; ++i) {
        Receiver& receiver = receivers_[i];
        std::array<std::uint8_t, 16> key;
        crypto::random_fill(key);
        crypto::random_fill(receiver.salt);
        IMB_AES128_GCM_PRE(manager_, key.data(), &keys_[i].data);
        receiver.ssrc = crypto::random32();
        receiver.timestamp_offset = crypto::random32();
        receiver.number_offset = static_cast<std::uint16_t>(crypto::random32());
        receiver.socket = loopback_socket(receiver.address);
        drop_media(receiver.socket);
    }
}

Bare::~Bare() {
    for (const Receiver& receiver : receivers_) close(receiver.socket);
    close(socket_);
    free_mb_mgr(manager_);
}

std::size_t Bare::write(std::size_t at, std::uint8_t* out, std::size_t payload) {
    Receiver& receiver = receivers_[at];
    const auto number = static_cast<std::uint16_t>(number_ + receiver.number_offset);
    std::memcpy(out, source_.data(), header_size);
    store16(out + 2, number);
    store32(out + 4, timestamp_ + receiver.timestamp_offset);
    store32(out + 8, receiver.ssrc);
    store16(out + 17, receiver.transport_number++);
    std::array<std::uint8_t, 12> nonce = receiver.salt;
    for (std::size_t i = 0; i < 4; ++i) nonce[2 + i] ^= out[8 + i];
    nonce[10] ^= out[2];
    nonce[11] ^= out[3];
    gcm_context_data scratch;
    IMB_AES128_GCM_ENC(manager_, &keys_[at].data, &scratch, out + header_size,
                       source_.data() + header_size, payload, nonce.data(), out, header_size,
                       out + header_size + payload, tag_size);
    return header_size + payload + tag_size;
}

void Bare::forward(const Case& what, int bursts) {
    struct Control {
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> bytes{};
    };
    std::array<mmsghdr, most_messages> headers{};
    std::array<iovec, most_messages> parts{};
    std::array<Control, most_messages> controls{};
    const auto size = static_cast<std::uint16_t>(header_size + what.payload + tag_size);
    for (int n = 0; n < bursts; ++n) {
        timestamp_ += 3000;
        std::size_t ready = 0;
        for (std::size_t i = 0; i < receivers; ++i) {
            std::uint8_t* const out = &out_[i * 8 * 1500];
            for (std::size_t k = 0; k < what.burst; ++k) {
                ++number_;
                write(i, out + k * size, what.payload);
            }
            number_ = static_cast<std::uint16_t>(number_ - what.burst);
            msghdr& header = headers[ready].msg_hdr;
            header = {};
            header.msg_name = const_cast<sockaddr*>(receivers_[i].address.raw());
            header.msg_namelen = receivers_[i].address.size();
            parts[ready] = {out, what.burst * size};
            header.msg_iov = &parts[ready];
            header.msg_iovlen = 1;
            if (what.burst > 1) {
                header.msg_control = controls[ready].bytes.data();
                header.msg_controllen = controls[ready].bytes.size();
                cmsghdr* control = CMSG_FIRSTHDR(&header);
                control->cmsg_level = SOL_UDP;
                control->cmsg_type = UDP_SEGMENT;
                control->cmsg_len = CMSG_LEN(sizeof size);
                std::memcpy(CMSG_DATA(control), &size, sizeof size);
            }
            if (++ready < most_messages && i + 1 < receivers) continue;
            require(sendmmsg(socket_, headers.data(), static_cast<unsigned>(ready), 0) ==
                        static_cast<int>(ready),
                    "sendmmsg");
            ready = 0;
        }
        number_ = static_cast<std::uint16_t>(number_ + what.burst);
    }
}

double Bare::run(const Case& what) {
    double ns = 0;
    std::thread([&] {
        pin(gettid(), measured_core);
        forward(what, bursts_a_round / 10);  // warm
        const double before = cpu_ns(gettid());
        forward(what, bursts_a_round);
        ns = cpu_ns(gettid()) - before;
    }).join();
    return ns / static_cast<double>(receivers * what.burst * bursts_a_round);
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

boost::json::object measure(Lesson& lesson, Bare& bare, const Case& what) {
    std::vector<double> ours, theirs, heap;
    lesson.run(what);
    bare.run(what);
    for (int i = 0; i < rounds; ++i) {
        const Round round = lesson.run(what);
        ours.push_back(round.ns_per_packet);
        heap.push_back(round.allocations_per_packet);
        theirs.push_back(bare.run(what));
    }
    const double aula_ns = median(ours);
    const double bare_ns = median(theirs);
    const double mean_heap = [&] {
        double sum = 0;
        for (const double one : heap) sum += one;
        return sum / static_cast<double>(heap.size());
    }();
    std::printf("%7zu %5zu %9.0f %9.0f %6.2f %11.5f\n", what.payload, what.burst, aula_ns, bare_ns,
                bare_ns / aula_ns, mean_heap);
    std::fflush(stdout);
    return {{"payload", what.payload},       {"burst", what.burst},
            {"aula_ns_per_packet", aula_ns}, {"bare_ns_per_packet", bare_ns},
            {"ratio", bare_ns / aula_ns},    {"allocations_per_packet", mean_heap}};
}

}  // namespace

int main(int argc, char** argv) {
    try {
        log::configure("fanout", log::Level::error, log::Format::text);
        pin(0, driving_core);
        keep_others_away();
        Lesson lesson;
        Bare bare;
        if (argc == 4 && std::string(argv[1]) == "--profile") {
            for (int i = 0; i < 300; ++i) lesson.run({std::stoul(argv[2]), std::stoul(argv[3])});
            return 0;
        }
        boost::json::array rows;
        std::printf("%7s %5s %9s %9s %6s %11s\n", "payload", "burst", "aula ns", "bare ns", "ratio",
                    "heap/packet");
        for (const std::size_t payload : {std::size_t{1200}, std::size_t{160}}) {
            for (const std::size_t burst : {std::size_t{1}, std::size_t{4}, std::size_t{8}}) {
                rows.push_back(measure(lesson, bare, {payload, burst}));
            }
        }
        if (argc == 3 && std::string(argv[1]) == "--json") {
            std::ofstream(argv[2]) << boost::json::serialize(rows) << '\n';
        }
        return 0;
    } catch (const std::exception& why) {
        std::fprintf(stderr, "fanout: %s\n", why.what());
        return 1;
    }
}
