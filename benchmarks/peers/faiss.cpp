// faiss HNSW: "flat" (float32) or "sq8" (int8 codes, twice k rescored from a float32 copy).
#include "peer.hpp"

#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexRefine.h>
#include <faiss/index_io.h>
#include <omp.h>

static void program(const peer::Arguments &a) {
    double seconds = peer::stored_build_seconds(a.index);
    auto base = peer::Matrix<float>::read(a.base);
    int n = base.rows, dim = base.width;
    auto metric = a.metric == "l2" ? faiss::METRIC_L2 : faiss::METRIC_INNER_PRODUCT;
    double before = peer::resident_mb();
    std::unique_ptr<faiss::Index> index;
    if (seconds >= 0 && peer::exists(a.index)) {
        index.reset(faiss::read_index(a.index.c_str()));
    } else {
        auto start = std::chrono::steady_clock::now();
        omp_set_num_threads(a.build_threads);
        faiss::IndexHNSW *graph;
        if (a.variant == "sq8")
            graph = new faiss::IndexHNSWSQ(dim, faiss::ScalarQuantizer::QT_8bit, static_cast<int>(a.links), metric);
        else
            graph = new faiss::IndexHNSWFlat(dim, static_cast<int>(a.links), metric);
        graph->hnsw.efConstruction = static_cast<int>(a.breadth);
        index.reset(graph);
        index->train(n, base.values.data());
        index->add(n, base.values.data());
        seconds = peer::seconds_since(start);
        faiss::write_index(index.get(), a.index.c_str());
        peer::store_build_seconds(a.index, seconds);
    }
    auto *graph = dynamic_cast<faiss::IndexHNSW *>(index.get());
    if (graph == nullptr) throw std::runtime_error(a.index + " holds another kind of index");
    faiss::IndexFlat exact(dim, metric);
    std::unique_ptr<faiss::IndexRefine> refined;
    if (a.variant == "sq8") {
        exact.add(n, base.values.data());
        refined.reset(new faiss::IndexRefine(graph, &exact));
        refined->k_factor = 2;
    }
    faiss::Index *searched = refined ? static_cast<faiss::Index *>(refined.get()) : graph;
    double resident = peer::resident_mb() - before;
    base.values = {};
    peer::report_build(a, "faiss", "HNSW " + a.variant + " M=" + std::to_string(a.links) + " efC=" + std::to_string(a.breadth),
                       n, dim, seconds, resident);
    omp_set_num_threads(1);
    std::vector<std::vector<float>> scores(64, std::vector<float>(static_cast<size_t>(a.k)));
    peer::serve(a, [&](const float *query, size_t breadth, int thread, int64_t *ids) {
        graph->hnsw.efSearch = static_cast<int>(breadth);
        searched->search(1, query, a.k, scores[static_cast<size_t>(thread)].data(), ids);
    });
}

int main(int argc, char **argv) { return peer::run(argc, argv, program); }
