// hnswlib, float32: the yardstick.
#include "peer.hpp"
// hnswlib's header is not self-contained in every packaged version: the standard headers above come first.
#include <hnswlib/hnswlib.h>

static void program(const peer::Arguments &a) {
    auto start = std::chrono::steady_clock::now();
    double seconds = peer::stored_build_seconds(a.index);
    auto base = peer::Matrix<float>::read(a.base);
    int n = base.rows, dim = base.width;
    std::unique_ptr<hnswlib::SpaceInterface<float>> space;
    if (a.metric == "l2")
        space.reset(new hnswlib::L2Space(dim));
    else
        space.reset(new hnswlib::InnerProductSpace(dim));
    double before = peer::resident_mb();
    std::unique_ptr<hnswlib::HierarchicalNSW<float>> index;
    if (seconds >= 0 && peer::exists(a.index)) {
        index.reset(new hnswlib::HierarchicalNSW<float>(space.get(), a.index));
    } else {
        start = std::chrono::steady_clock::now();
        index.reset(new hnswlib::HierarchicalNSW<float>(space.get(), n, a.links, a.breadth));
        index->addPoint(base.row(0), 0);
        peer::parallel(static_cast<size_t>(n) - 1, a.build_threads, [&](size_t i, int) { index->addPoint(base.row(i + 1), i + 1); });
        seconds = peer::seconds_since(start);
        index->saveIndex(a.index);
        peer::store_build_seconds(a.index, seconds);
    }
    double resident = peer::resident_mb() - before;
    base.values = {};
    peer::report_build(a, "hnswlib", "f32 M=" + std::to_string(a.links) + " efC=" + std::to_string(a.breadth), n, dim,
                       seconds, resident);
    peer::serve(a, [&](const float *query, size_t breadth, int, int64_t *ids) {
        if (index->ef_ != breadth) index->setEf(breadth);
        auto found = index->searchKnn(query, static_cast<size_t>(a.k));
        for (; !found.empty(); found.pop()) *ids++ = static_cast<int64_t>(found.top().second);
    });
}

int main(int argc, char **argv) { return peer::run(argc, argv, program); }
