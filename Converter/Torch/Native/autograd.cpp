// Gradients, and the precision in which they are computed.
#include "internal.h"

#include <ATen/SequenceNumber.h>
#include <ATen/autocast_mode.h>
#include <ATen/record_function.h>
#include <torch/version.h>

#include <chrono>

namespace {

// libtorch 2.4 names the device in the call, earlier ones in the function.
void set_autocast(bool is_cpu, bool enabled, at::ScalarType type) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    const at::DeviceType device = is_cpu ? at::kCPU : at::kCUDA;
    at::autocast::set_autocast_dtype(device, type);
    at::autocast::set_autocast_enabled(device, enabled);
#else
    if (is_cpu) {
        at::autocast::set_autocast_cpu_dtype(type);
        at::autocast::set_cpu_enabled(enabled);
    } else {
        at::autocast::set_autocast_gpu_dtype(type);
        at::autocast::set_enabled(enabled);
    }
#endif
}

using Clock = std::chrono::steady_clock;

// Where the nodes that this thread runs put their times.
struct NodeTimes {
    edge_node_time* times;
    int32_t capacity;
    int32_t count;
};
thread_local NodeTimes* node_times = nullptr;

struct Started : at::ObserverContext {
    Clock::time_point when = Clock::now();
};

// Times the backward nodes of this thread while it lives.
struct NodeWatch {
    explicit NodeWatch(NodeTimes& times) {
        node_times = &times;
        handle = at::addThreadLocalCallback(at::RecordFunctionCallback(
            [](const at::RecordFunction&) -> std::unique_ptr<at::ObserverContext> { return std::make_unique<Started>(); },
            [](const at::RecordFunction& node, at::ObserverContext* context) {
                if (node_times == nullptr) {
                    return;
                }
                if (node_times->count < node_times->capacity) {
                    const auto taken = Clock::now() - static_cast<Started*>(context)->when;
                    node_times->times[node_times->count] = {node.seqNr(), std::chrono::duration_cast<std::chrono::nanoseconds>(taken).count()};
                }
                node_times->count++;
            }).scopes({at::RecordScope::BACKWARD_FUNCTION}));
    }

    ~NodeWatch() {
        at::removeCallback(handle);
        node_times = nullptr;
    }

    at::CallbackHandle handle;
};

}  // namespace

int32_t edge_torch_sequence_number(int64_t* number, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] { *number = static_cast<int64_t>(at::sequence_number::peek()); });
}

int32_t edge_tensor_backward_timed(edge_tensor tensor, edge_node_time* times, int32_t capacity, int32_t* count, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        NodeTimes all{times, capacity, 0};
        {
            NodeWatch watch(all);
            edge::borrow(tensor).backward();
        }
        *count = all.count;
    });
}

int32_t edge_torch_set_autocast(int32_t device_type, int32_t dtype, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        const bool enabled = dtype >= 0;
        set_autocast(device_type == 0, enabled, enabled ? static_cast<at::ScalarType>(dtype) : at::kBFloat16);
        if (!enabled) {
            // Weights that were converted for this pass; the next one's differ.
            at::autocast::clear_cache();
        }
    });
}

int32_t edge_tensor_set_requires_grad(edge_tensor tensor, int32_t requires_grad, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] { edge::borrow(tensor).requires_grad_(requires_grad != 0); });
}

int32_t edge_tensor_requires_grad(edge_tensor tensor, int32_t* requires_grad, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] { *requires_grad = edge::borrow(tensor).requires_grad() ? 1 : 0; });
}

int32_t edge_tensor_backward(edge_tensor tensor, edge_tensor gradient, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        edge::borrow(tensor).backward(gradient == nullptr ? at::Tensor() : edge::borrow(gradient));
    });
}

int32_t edge_tensor_grad(edge_tensor tensor, edge_tensor* gradient, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        at::Tensor t = edge::borrow(tensor);
        *gradient = t.grad().defined() ? edge::give(t.grad()) : nullptr;
    });
}

int32_t edge_tensor_retain_grad(edge_tensor tensor, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] { edge::borrow(tensor).retain_grad(); });
}

int32_t edge_tensors_clear_grad(const edge_tensor* tensors, int32_t count, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        for (int32_t i = 0; i < count; i++) {
            edge::borrow(tensors[i]).mutable_grad().reset();
        }
    });
}

int32_t edge_tensor_detach(edge_tensor tensor, edge_tensor* result, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] { *result = edge::give(edge::borrow(tensor).detach()); });
}
