// The library as a whole: version, threads, seed, devices, gradient mode.
#include "internal.h"

#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/GradMode.h>
#include <torch/version.h>

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace edge {

std::atomic<int64_t> live_tensors{0};

void copy_text(const std::string& text, char* target, int32_t size) {
    if (target == nullptr || size <= 0) {
        return;
    }
    std::string line = text.substr(0, text.find('\n'));
    size_t length = std::min(line.size(), static_cast<size_t>(size) - 1);
    std::memcpy(target, line.data(), length);
    target[length] = '\0';
}

namespace {

// The hook that counts devices is named getNumGPUs up to libtorch 2.x and deviceCount in later ones.
template <typename Hooks>
auto count_devices(const Hooks& hooks, int) -> decltype(hooks.getNumGPUs()) {
    return hooks.getNumGPUs();
}

template <typename Hooks>
auto count_devices(const Hooks& hooks, long) -> decltype(hooks.deviceCount()) {
    return hooks.deviceCount();
}

}  // namespace
}  // namespace edge

int32_t edge_torch_abi_version(void) {
    return EDGE_TORCH_ABI_VERSION;
}

int32_t edge_torch_keep_memory(void) {
    // A training step frees tens of megabytes and asks for the same again. By default the C library gives such memory
    // back to the kernel each time and gets it anew, zeroed, page by page: a good part of a small net's step.
    if (std::getenv("MALLOC_TRIM_THRESHOLD_") != nullptr || std::getenv("MALLOC_MMAP_THRESHOLD_") != nullptr
        || std::getenv("MALLOC_ARENA_MAX") != nullptr || std::getenv("GLIBC_TUNABLES") != nullptr) {
        return 0;
    }
    constexpr int largest_mmap_threshold = 32 << 20;
    return mallopt(M_MMAP_THRESHOLD, largest_mmap_threshold) & mallopt(M_TRIM_THRESHOLD, 1 << 30) & mallopt(M_ARENA_MAX, 1);
}

int32_t edge_torch_version(char* text, int32_t size, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] { edge::copy_text(TORCH_VERSION, text, size); });
}

int32_t edge_torch_set_threads(int32_t threads, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        if (threads < 1) {
            throw edge::Misuse("at least one thread is needed");
        }
        at::set_num_threads(threads);
    });
}

int32_t edge_torch_get_threads(int32_t* threads, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] { *threads = at::get_num_threads(); });
}

int32_t edge_torch_seed(uint64_t seed, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] { at::manual_seed(seed); });
}

int32_t edge_torch_cuda_devices(int32_t* devices, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        const auto& hooks = at::detail::getCUDAHooks();
        *devices = hooks.hasCUDA() ? static_cast<int32_t>(edge::count_devices(hooks, 0)) : 0;
    });
}

int32_t edge_torch_live_tensors(int64_t* count, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] { *count = edge::live_tensors.load(std::memory_order_relaxed); });
}

int32_t edge_torch_set_grad_mode(int32_t enabled, int32_t* previous, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        *previous = c10::GradMode::is_enabled() ? 1 : 0;
        c10::GradMode::set_enabled(enabled != 0);
    });
}
