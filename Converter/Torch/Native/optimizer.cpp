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
    float rate;     // multiplies the learning rate
    float decay;    // multiplies the weight decay
};

// Parameters of one rate and decay that take libtorch's foreach operators.
struct Group {
    double rate, decay;
    std::vector<at::Tensor> values, gradients, firsts, seconds;
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
    std::vector<Group> groups;

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
                add_chunks(value, gradient, first, second, parameters[i]);
            } else {
                Group& group = find(parameters[i].rate, parameters[i].decay);
                group.values.push_back(value);
                group.gradients.push_back(gradient);
                group.firsts.push_back(first);
                group.seconds.push_back(second);
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

    Group& find(double rate, double decay) {
        for (Group& group : groups) {
            if (group.rate == rate && group.decay == decay) {
                return group;
            }
        }
        groups.push_back({rate, decay, {}, {}, {}, {}});
        return groups.back();
    }

    void add_chunks(const at::Tensor& value, const at::Tensor& gradient, const at::Tensor& first, const at::Tensor& second,
        const edge_parameter& parameter) {
        keep.push_back(gradient);
        float* v = value.data_ptr<float>();
        const float* g = gradient.data_ptr<float>();
        float* m1 = first.defined() ? first.data_ptr<float>() : nullptr;
        float* m2 = second.defined() ? second.data_ptr<float>() : nullptr;
        for (int64_t at = 0, all = value.numel(); at < all; at += chunk_length) {
            chunks.push_back({v + at, g + at, m1 ? m1 + at : nullptr, m2 ? m2 + at : nullptr, std::min(chunk_length, all - at),
                static_cast<float>(parameter.rate), static_cast<float>(parameter.decay)});
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
        const float rate = learning_rate * chunk.rate;
        const float decay = weight_decay * chunk.decay;
        if (buffer == nullptr) {
            for (int64_t i = 0; i < chunk.length; i++) {
                value[i] -= rate * (gradient[i] + decay * value[i]);
            }
            return;
        }
        const float keep = first_step ? 0.0f : momentum;
        for (int64_t i = 0; i < chunk.length; i++) {
            float g = gradient[i] + decay * value[i];
            float b = keep * buffer[i] + g;
            buffer[i] = b;
            value[i] -= rate * (nesterov ? g + momentum * b : b);
        }
    }
};

struct AdamRule {
    double learning_rate, weight_decay;
    bool decoupled;
    // rest = 1 - beta, subtracted in double: in float most of its digits would be gone.
    float beta1, rest1, beta2, rest2, epsilon, correction1, correction2;

    void operator()(const Chunk& chunk) const {
        float* __restrict value = chunk.value;
        const float* __restrict gradient = chunk.gradient;
        float* __restrict first = chunk.first;
        float* __restrict second = chunk.second;
        const float step_size = static_cast<float>(learning_rate * chunk.rate / correction1);
        const float shrink = decoupled ? static_cast<float>(1 - learning_rate * chunk.rate * weight_decay * chunk.decay) : 1.0f;
        const float coupled = decoupled ? 0.0f : static_cast<float>(weight_decay * chunk.decay);
        for (int64_t i = 0; i < chunk.length; i++) {
            float p = value[i] * shrink;
            float g = gradient[i] + coupled * p;
            float m = beta1 * first[i] + rest1 * g;
            float v = beta2 * second[i] + rest2 * g * g;
            first[i] = m;
            second[i] = v;
            value[i] = p - step_size * m / (std::sqrt(v) / correction2 + epsilon);
        }
    }
};

struct RmsPropRule {
    float learning_rate, smoothing, rest, epsilon, momentum, weight_decay;

    void operator()(const Chunk& chunk) const {
        float* __restrict value = chunk.value;
        const float* __restrict gradient = chunk.gradient;
        float* __restrict buffer = chunk.first;
        float* __restrict second = chunk.second;
        const float rate = learning_rate * chunk.rate;
        const float decay = weight_decay * chunk.decay;
        for (int64_t i = 0; i < chunk.length; i++) {
            float g = gradient[i] + decay * value[i];
            float v = smoothing * second[i] + rest * g * g;
            second[i] = v;
            float move = g / (std::sqrt(v) + epsilon);
            if (buffer != nullptr) {
                move += momentum * buffer[i];
                buffer[i] = move;
            }
            value[i] -= rate * move;
        }
    }
};

// The gradients with the L2 penalty's share.
std::vector<at::Tensor> decayed(const Group& group, double weight_decay) {
    const double decay = weight_decay * group.decay;
    return decay == 0 ? group.gradients : at::_foreach_add(group.gradients, group.values, decay);
}

std::vector<at::Tensor> gradients_of(const edge_tensor* tensors, int32_t count) {
    std::vector<at::Tensor> gradients;
    for (int32_t i = 0; i < count; i++) {
        at::Tensor gradient = edge::borrow(tensors[i]).grad();
        if (gradient.defined()) {
            gradients.push_back(gradient);
        }
    }
    return gradients;
}

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
        for (Group& group : work.groups) {
            std::vector<at::Tensor> gradients = decayed(group, weight_decay);
            if (buffered) {
                at::_foreach_mul_(group.firsts, step <= 1 ? 0.0 : momentum);
                at::_foreach_add_(group.firsts, gradients, 1.0);
                gradients = nesterov ? at::_foreach_add(gradients, group.firsts, momentum) : group.firsts;
            }
            at::_foreach_add_(group.values, gradients, -learning_rate * group.rate);
        }
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
        AdamRule rule{learning_rate, weight_decay, decoupled != 0, static_cast<float>(beta1), static_cast<float>(1 - beta1),
            static_cast<float>(beta2), static_cast<float>(1 - beta2), static_cast<float>(epsilon),
            static_cast<float>(correction1), static_cast<float>(correction2)};
        work.for_each_chunk(rule);
        for (Group& group : work.groups) {
            const double rate = learning_rate * group.rate;
            if (decoupled != 0) {
                at::_foreach_mul_(group.values, 1 - rate * weight_decay * group.decay);
            }
            std::vector<at::Tensor> gradients = decoupled != 0 ? group.gradients : decayed(group, weight_decay);
            at::_foreach_mul_(group.firsts, beta1);
            at::_foreach_add_(group.firsts, gradients, 1 - beta1);
            at::_foreach_mul_(group.seconds, beta2);
            at::_foreach_addcmul_(group.seconds, gradients, gradients, 1 - beta2);
            std::vector<at::Tensor> denominators = at::_foreach_sqrt(group.seconds);
            at::_foreach_div_(denominators, correction2);
            at::_foreach_add_(denominators, epsilon);
            at::_foreach_addcdiv_(group.values, group.firsts, denominators, -rate / correction1);
        }
    });
}

int32_t edge_optimizer_rmsprop(const edge_parameter* parameters, int32_t count, double learning_rate,
    double smoothing, double epsilon, double momentum, double weight_decay, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        Gradless scope;
        const bool buffered = momentum != 0;
        Work work(parameters, count, buffered, true);
        RmsPropRule rule{static_cast<float>(learning_rate), static_cast<float>(smoothing), static_cast<float>(1 - smoothing),
            static_cast<float>(epsilon), static_cast<float>(momentum), static_cast<float>(weight_decay)};
        work.for_each_chunk(rule);
        for (Group& group : work.groups) {
            std::vector<at::Tensor> gradients = decayed(group, weight_decay);
            at::_foreach_mul_(group.seconds, smoothing);
            at::_foreach_addcmul_(group.seconds, gradients, gradients, 1 - smoothing);
            std::vector<at::Tensor> denominators = at::_foreach_sqrt(group.seconds);
            at::_foreach_add_(denominators, epsilon);
            std::vector<at::Tensor> moves = at::_foreach_div(gradients, denominators);
            if (buffered) {
                at::_foreach_mul_(group.firsts, momentum);
                at::_foreach_add_(group.firsts, moves, 1.0);
                moves = group.firsts;
            }
            at::_foreach_add_(group.values, moves, -learning_rate * group.rate);
        }
    });
}

int32_t edge_optimizer_average(const edge_parameter* parameters, int32_t count, double decay, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        Gradless scope;
        std::vector<at::Tensor> values, averages;
        for (int32_t i = 0; i < count; i++) {
            values.push_back(edge::borrow(parameters[i].value).detach());
            averages.push_back(edge::borrow(parameters[i].first));
        }
        if (count > 0) {
            at::_foreach_mul_(averages, decay);
            at::_foreach_add_(averages, values, 1 - decay);
        }
    });
}

int32_t edge_gradients_norm(const edge_tensor* tensors, int32_t count, double* norm, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        Gradless scope;
        double sum = 0;
        for (const at::Tensor& gradient : gradients_of(tensors, count)) {
            const double part = gradient.norm(2).item().toDouble();
            sum += part * part;
        }
        *norm = std::sqrt(sum);
    });
}

int32_t edge_gradients_scale(const edge_tensor* tensors, int32_t count, double factor, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        Gradless scope;
        std::vector<at::Tensor> gradients = gradients_of(tensors, count);
        if (!gradients.empty()) {
            at::_foreach_mul_(gradients, factor);
        }
    });
}

int32_t edge_gradients_clamp(const edge_tensor* tensors, int32_t count, double limit, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        Gradless scope;
        for (at::Tensor gradient : gradients_of(tensors, count)) {
            gradient.clamp_(-limit, limit);
        }
    });
}
