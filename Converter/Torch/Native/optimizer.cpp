// Optimizer steps over all parameters at once. Float tensors in main memory take one fused pass through memory;
// everything else (other types, other devices) goes through libtorch's own foreach operators.
#include "internal.h"

#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace {

constexpr int64_t chunk_length = 16384;

struct Gradless {
    bool previous = c10::GradMode::is_enabled();
    Gradless() { c10::GradMode::set_enabled(false); }
    ~Gradless() { c10::GradMode::set_enabled(previous); }
};

// A piece of one parameter, small enough that the pieces spread evenly over the threads.
struct Chunk {
    float* value;
    const float* gradient;
    float* first;
    float* second;
    int64_t length;
};

// Whether the elements fill one piece of memory, in whatever order of axes.
bool is_plain(const at::Tensor& tensor) {
    return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.is_non_overlapping_and_dense();
}

// Whether two tensors have their elements in the same order in memory.
bool is_aligned(const at::Tensor& a, const at::Tensor& b) {
    return is_plain(b) && (a.strides() == b.strides() || (a.is_contiguous() && b.is_contiguous()));
}

// The parameters that have a gradient, split into those for the fused pass and the rest.
struct Work {
    std::vector<Chunk> chunks;
    std::vector<at::Tensor> keep;   // gradients put into the parameter's order live as long as the chunks
    std::vector<at::Tensor> values, gradients, firsts, seconds;

    Work(const edge_parameter* parameters, int32_t count, bool needs_first, bool needs_second) {
        for (int32_t i = 0; i < count; i++) {
            at::Tensor value = edge::borrow(parameters[i].value);
            at::Tensor gradient = value.grad();
            if (!gradient.defined()) {
                continue;
            }
            value = value.detach();
            at::Tensor first = moment(parameters[i].first, value, needs_first);
            at::Tensor second = moment(parameters[i].second, value, needs_second);
            if (is_plain(value) && gradient.scalar_type() == at::kFloat && gradient.device().is_cpu()
                && !gradient.is_sparse() && (!needs_first || is_aligned(value, first)) && (!needs_second || is_aligned(value, second))) {
                if (!is_aligned(value, gradient)) {
                    gradient = at::empty_like(value).copy_(gradient);
                }
                add_chunks(value, gradient, first, second);
            } else {
                values.push_back(value);
                gradients.push_back(gradient);
                firsts.push_back(first);
                seconds.push_back(second);
            }
        }
    }

    template <typename Body>
    void for_each_chunk(const Body& body) const {
        at::parallel_for(0, static_cast<int64_t>(chunks.size()), 1, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; i++) {
                body(chunks[static_cast<size_t>(i)]);
            }
        });
    }

private:
    static at::Tensor moment(edge_tensor handle, const at::Tensor& value, bool needed) {
        if (!needed) {
            return at::Tensor();
        }
        at::Tensor tensor = edge::borrow(handle);
        if (tensor.sizes() != value.sizes() || tensor.scalar_type() != value.scalar_type()) {
            throw edge::Misuse("a moment differs from its parameter in shape or type");
        }
        return tensor;
    }

    void add_chunks(const at::Tensor& value, const at::Tensor& gradient, const at::Tensor& first, const at::Tensor& second) {
        keep.push_back(gradient);
        float* v = value.data_ptr<float>();
        const float* g = gradient.data_ptr<float>();
        float* m1 = first.defined() ? first.data_ptr<float>() : nullptr;
        float* m2 = second.defined() ? second.data_ptr<float>() : nullptr;
        for (int64_t at = 0, all = value.numel(); at < all; at += chunk_length) {
            chunks.push_back({v + at, g + at, m1 ? m1 + at : nullptr, m2 ? m2 + at : nullptr, std::min(chunk_length, all - at)});
        }
    }
};

struct SgdRule {
    float learning_rate, momentum, weight_decay;
    bool nesterov, first_step;

    void operator()(const Chunk& chunk) const {
        float* __restrict value = chunk.value;
        const float* __restrict gradient = chunk.gradient;
        float* __restrict buffer = chunk.first;
        if (buffer == nullptr) {
            for (int64_t i = 0; i < chunk.length; i++) {
                value[i] -= learning_rate * (gradient[i] + weight_decay * value[i]);
            }
            return;
        }
        const float keep = first_step ? 0.0f : momentum;
        for (int64_t i = 0; i < chunk.length; i++) {
            float g = gradient[i] + weight_decay * value[i];
            float b = keep * buffer[i] + g;
            buffer[i] = b;
            value[i] -= learning_rate * (nesterov ? g + momentum * b : b);
        }
    }
};

struct AdamRule {
    // rest = 1 - beta, subtracted in double: in float most of its digits would be gone.
    float step_size, beta1, rest1, beta2, rest2, epsilon, correction, coupled_decay, shrink;

    void operator()(const Chunk& chunk) const {
        float* __restrict value = chunk.value;
        const float* __restrict gradient = chunk.gradient;
        float* __restrict first = chunk.first;
        float* __restrict second = chunk.second;
        for (int64_t i = 0; i < chunk.length; i++) {
            float p = value[i] * shrink;
            float g = gradient[i] + coupled_decay * p;
            float m = beta1 * first[i] + rest1 * g;
            float v = beta2 * second[i] + rest2 * g * g;
            first[i] = m;
            second[i] = v;
            value[i] = p - step_size * m / (std::sqrt(v) / correction + epsilon);
        }
    }
};

}  // namespace

int32_t edge_optimizer_sgd(const edge_parameter* parameters, int32_t count, int64_t step, double learning_rate,
    double momentum, int32_t nesterov, double weight_decay, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        Gradless scope;
        const bool buffered = momentum != 0;
        Work work(parameters, count, buffered, false);
        SgdRule rule{static_cast<float>(learning_rate), static_cast<float>(momentum), static_cast<float>(weight_decay),
            nesterov != 0, step <= 1};
        work.for_each_chunk(rule);
        if (work.values.empty()) {
            return;
        }
        std::vector<at::Tensor> gradients = weight_decay == 0
            ? work.gradients
            : at::_foreach_add(work.gradients, work.values, weight_decay);
        if (buffered) {
            at::_foreach_mul_(work.firsts, step <= 1 ? 0.0 : momentum);
            at::_foreach_add_(work.firsts, gradients, 1.0);
            gradients = nesterov ? at::_foreach_add(gradients, work.firsts, momentum) : work.firsts;
        }
        at::_foreach_add_(work.values, gradients, -learning_rate);
    });
}

int32_t edge_optimizer_adam(const edge_parameter* parameters, int32_t count, int64_t step, double learning_rate,
    double beta1, double beta2, double epsilon, double weight_decay, int32_t decoupled, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        if (step < 1) {
            throw edge::Misuse("the first step of Adam is step 1");
        }
        Gradless scope;
        Work work(parameters, count, true, true);
        const double correction1 = 1 - std::pow(beta1, static_cast<double>(step));
        const double correction2 = std::sqrt(1 - std::pow(beta2, static_cast<double>(step)));
        const double shrink = decoupled ? 1 - learning_rate * weight_decay : 1;
        const double coupled = decoupled ? 0 : weight_decay;
        AdamRule rule{static_cast<float>(learning_rate / correction1), static_cast<float>(beta1), static_cast<float>(1 - beta1),
            static_cast<float>(beta2), static_cast<float>(1 - beta2), static_cast<float>(epsilon),
            static_cast<float>(correction2), static_cast<float>(coupled), static_cast<float>(shrink)};
        work.for_each_chunk(rule);
        if (work.values.empty()) {
            return;
        }
        if (shrink != 1) {
            at::_foreach_mul_(work.values, shrink);
        }
        std::vector<at::Tensor> gradients = coupled == 0
            ? work.gradients
            : at::_foreach_add(work.gradients, work.values, coupled);
        at::_foreach_mul_(work.firsts, beta1);
        at::_foreach_add_(work.firsts, gradients, 1 - beta1);
        at::_foreach_mul_(work.seconds, beta2);
        at::_foreach_addcmul_(work.seconds, gradients, gradients, 1 - beta2);
        std::vector<at::Tensor> denominators = at::_foreach_sqrt(work.seconds);
        at::_foreach_div_(denominators, correction2);
        at::_foreach_add_(denominators, epsilon);
        at::_foreach_addcdiv_(work.values, work.firsts, denominators, -learning_rate / correction1);
    });
}
