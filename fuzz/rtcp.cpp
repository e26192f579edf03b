// SPDX-License-Identifier: Apache-2.0
#include "rtp/rtcp.hpp"

#include <cstdlib>

#include "sfu/bandwidth_estimator.hpp"

using namespace aula;

namespace {

struct Visitor {
    sfu::BandwidthEstimator& estimator;
    std::size_t seen = 0;

    void operator()(const rtp::rtcp::SenderReport& report) { blocks(report.reports); }
    void operator()(const rtp::rtcp::ReceiverReport& report) { blocks(report.reports); }
    void operator()(const rtp::rtcp::SourceDescription& description) {
        seen += description.cname.size();
    }
    void operator()(const rtp::rtcp::Goodbye& bye) {
        for (std::size_t i = 0; i < bye.size(); ++i) seen += bye[i];
    }
    void operator()(const rtp::rtcp::Nack& nack) {
        nack.for_each([&](std::uint16_t number) { seen += number; });
    }
    void operator()(const rtp::rtcp::PictureLossIndication& loss) { seen += loss.media; }
    void operator()(const rtp::rtcp::FullIntraRequest& request) {
        for (std::size_t i = 0; i < request.size(); ++i) seen += request.ssrc(i);
    }
    void operator()(const rtp::rtcp::Remb& remb) {
        if (remb.rate < BitRate()) std::abort();
    }
    void operator()(const rtp::TransportFeedback& feedback) {
        estimator.receive_feedback(feedback, Time(10s));
        std::size_t count = 0;
        rtp::FeedbackReader reader(feedback);
        while (reader.next()) ++count;
        if (count > feedback.count) std::abort();
    }
    void blocks(const rtp::rtcp::ReportBlocks& reports) {
        for (std::size_t i = 0; i < reports.size(); ++i) seen += reports[i].ssrc;
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    sfu::BandwidthEstimator estimator;
    for (int i = 0; i < 100; ++i) estimator.packet_sent(1000, Time(9s) + i * 5ms);
    Visitor visitor{estimator};
    rtp::rtcp::Reader reader(Bytes(data, size));
    while (const auto packet = reader.next()) std::visit(visitor, *packet);
    if (estimator.estimate() < sfu::BandwidthEstimator::lowest_rate) std::abort();
    return 0;
}
