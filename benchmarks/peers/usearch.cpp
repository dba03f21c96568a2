// usearch through the C++ headers of its npm package, with SimSIMD: f32, f16 or i8.
#include "peer.hpp"

#include <usearch/index_dense.hpp>

using namespace unum::usearch;

static void program(const peer::Arguments &a) {
    double seconds = peer::stored_build_seconds(a.index);
    auto base = peer::Matrix<float>::read(a.base);
    int n = base.rows, dim = base.width;
    double before = peer::resident_mb();
    scalar_kind_t scalar = a.variant == "i8" ? scalar_kind_t::i8_k : a.variant == "f16" ? scalar_kind_t::f16_k : scalar_kind_t::f32_k;
    // The i8 form of usearch scales by the vector's own length, which only the cosine metric undoes.
    metric_kind_t kind = a.metric == "l2" ? metric_kind_t::l2sq_k : a.variant == "i8" ? metric_kind_t::cos_k : metric_kind_t::ip_k;
    metric_punned_t metric(static_cast<size_t>(dim), kind, scalar);
    index_dense_config_t config(a.links, a.breadth, 64);
    auto made = index_dense_t::make(metric, config);
    if (!made) throw std::runtime_error("usearch cannot make an index");
    index_dense_t index = std::move(made.index);
    if (seconds >= 0 && peer::exists(a.index)) {
        if (!index.load(a.index.c_str())) throw std::runtime_error("usearch cannot load " + a.index);
    } else {
        auto start = std::chrono::steady_clock::now();
        if (!index.try_reserve(index_limits_t(static_cast<size_t>(n), static_cast<size_t>(a.build_threads))))
            throw std::runtime_error("usearch cannot reserve");
        peer::parallel(static_cast<size_t>(n), a.build_threads, [&](size_t i, int thread) {
            index.add(static_cast<default_key_t>(i), base.row(i), static_cast<size_t>(thread));
        });
        seconds = peer::seconds_since(start);
        if (!index.save(a.index.c_str())) throw std::runtime_error("usearch cannot save " + a.index);
        peer::store_build_seconds(a.index, seconds);
    }
    double resident = peer::resident_mb() - before;
    base.values = {};
    peer::report_build(a, "usearch", a.variant + " M=" + std::to_string(a.links) + " efC=" + std::to_string(a.breadth), n, dim,
                       seconds, resident);
    peer::serve(a, [&](const float *query, size_t breadth, int thread, int64_t *ids) {
        if (index.expansion_search() != breadth) index.change_expansion_search(breadth);
        auto found = index.search(query, static_cast<size_t>(a.k), static_cast<size_t>(thread));
        for (size_t i = 0; i < found.size(); i++) ids[i] = static_cast<int64_t>(found[i].member.key);
    });
}

int main(int argc, char **argv) { return peer::run(argc, argv, program); }
