// What every peer program shares: files, pinning, the timed pass and the two-line protocol with the `peers` command.
//
//   PROGRAM BASE.fbin QUERIES.fbin TRUTH.ibin METRIC M EFC INDEXFILE BUILD_THREADS VARIANT K
//
// The program opens INDEXFILE, or builds and saves it, prints {"type":"build",...} and then answers each line
// "BREADTH THREADS" on its standard input with one {"recall10",...} line: one pass over all queries. It sleeps between
// lines, so that several systems can be measured in turns on one core.
#pragma once
#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace peer {

template <typename T>
struct Matrix {
    int rows = 0, width = 0;
    std::vector<T> values;

    const T *row(size_t i) const { return values.data() + i * static_cast<size_t>(width); }

    static Matrix read(const std::string &path) {
        Matrix m;
        std::ifstream file(path, std::ios::binary);
        if (!file.read(reinterpret_cast<char *>(&m.rows), 4) || !file.read(reinterpret_cast<char *>(&m.width), 4) ||
            m.rows < 0 || m.width <= 0)
            throw std::runtime_error("cannot read the header of " + path);
        m.values.resize(static_cast<size_t>(m.rows) * m.width);
        if (!file.read(reinterpret_cast<char *>(m.values.data()), static_cast<std::streamsize>(m.values.size() * sizeof(T))))
            throw std::runtime_error("cannot read the rows of " + path);
        return m;
    }
};

struct Arguments {
    std::string base, queries, truth, metric, index, variant;
    size_t links = 0, breadth = 0;
    int build_threads = 1, k = 10;

    static Arguments parse(int argc, char **argv) {
        if (argc != 11) throw std::runtime_error("ten arguments are needed; the `peers` command passes them");
        Arguments a;
        a.base = argv[1], a.queries = argv[2], a.truth = argv[3], a.metric = argv[4];
        a.links = std::stoul(argv[5]), a.breadth = std::stoul(argv[6]);
        a.index = argv[7], a.build_threads = std::stoi(argv[8]), a.variant = argv[9], a.k = std::stoi(argv[10]);
        return a;
    }
};

inline void pin(int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    if (pthread_setaffinity_np(pthread_self(), sizeof set, &set) != 0) throw std::runtime_error("cannot pin a thread");
}

/// Runs body(0..count-1, thread) on the given number of threads.
inline void parallel(size_t count, int threads, const std::function<void(size_t, int)> &body) {
    std::atomic<size_t> next{0};
    std::vector<std::thread> workers;
    for (int t = 0; t < threads; t++)
        workers.emplace_back([&, t] {
            for (size_t i; (i = next.fetch_add(1)) < count;) body(i, t);
        });
    for (auto &w : workers) w.join();
}

inline double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double resident_mb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.rfind("VmRSS:", 0) == 0) return std::stod(line.substr(6)) / 1024;
    return 0;
}

inline bool exists(const std::string &path) {
    struct stat s;
    return stat(path.c_str(), &s) == 0;
}

/// A cached index keeps the time its build took beside it, so that a later run can still report it.
inline double stored_build_seconds(const std::string &index) {
    double seconds = -1;
    std::ifstream(index + ".seconds") >> seconds;
    return seconds;
}

inline void store_build_seconds(const std::string &index, double seconds) { std::ofstream(index + ".seconds") << seconds; }

inline void report_build(const Arguments &a, const std::string &system, const std::string &config, int n, int dim,
                         double seconds, double resident) {
    struct stat s;
    long long bytes = stat(a.index.c_str(), &s) == 0 ? static_cast<long long>(s.st_size) : 0;
    std::printf("{\"type\":\"build\",\"system\":\"%s\",\"config\":\"%s\",\"n\":%d,\"dim\":%d,\"threads\":%d,"
                "\"seconds\":%.2f,\"bytes_on_disk\":%lld,\"resident_mb\":%.1f}\n",
                system.c_str(), config.c_str(), n, dim, a.build_threads, seconds, bytes, resident);
    std::fflush(stdout);
}

/// search(query, breadth, thread, ids): fills k ids. One pass = every query once; threads take queries in turn.
using Search = std::function<void(const float *, size_t, int, int64_t *)>;

inline void pass(const Arguments &a, const Matrix<float> &queries, const Matrix<int> &truth, const Search &search,
                 size_t breadth, int threads) {
    size_t n = static_cast<size_t>(queries.rows);
    std::vector<int64_t> found(n * a.k, -1);
    std::vector<double> latency(n);
    std::atomic<size_t> next{0};
    auto work = [&](int t) {
        pin(t);
        for (size_t q; (q = next.fetch_add(1)) < n;) {
            auto start = std::chrono::steady_clock::now();
            search(queries.row(q), breadth, t, &found[q * a.k]);
            latency[q] = seconds_since(start);
        }
    };
    auto start = std::chrono::steady_clock::now();
    std::vector<std::thread> others;
    for (int t = 1; t < threads; t++) others.emplace_back(work, t);
    work(0);
    for (auto &o : others) o.join();
    double total = seconds_since(start);
    size_t right = 0, wanted = static_cast<size_t>(std::min(a.k, truth.width));
    for (size_t q = 0; q < n; q++)
        for (size_t i = 0; i < wanted; i++)
            right += std::count(&found[q * a.k], &found[q * a.k] + a.k, static_cast<int64_t>(truth.row(q)[i])) > 0;
    std::sort(latency.begin(), latency.end());
    std::printf("{\"recall10\":%.5f,\"qps\":%.1f,\"p50_us\":%.1f,\"p99_us\":%.1f}\n",
                static_cast<double>(right) / static_cast<double>(n * wanted), static_cast<double>(n) / total,
                latency[n / 2] * 1e6, latency[n * 99 / 100] * 1e6);
    std::fflush(stdout);
}

inline void serve(const Arguments &a, const Search &search) {
    auto queries = Matrix<float>::read(a.queries);
    auto truth = Matrix<int>::read(a.truth);
    size_t breadth;
    int threads;
    while (std::cin >> breadth >> threads) pass(a, queries, truth, search, breadth, threads);
}

inline int run(int argc, char **argv, const std::function<void(const Arguments &)> &program) {
    try {
        program(Arguments::parse(argc, argv));
        return 0;
    } catch (const std::exception &e) {
        std::fprintf(stderr, "%s: %s\n", argv[0], e.what());
        return 1;
    }
}

}  // namespace peer
