// edge::lstm, an LSTM over whole sequences on the CPU with gradients of its own: one matrix product for all inputs, the steps of
// the samples shared among threads, and in the backward pass one product each for the gradients of inputs and weights.
#include "internal.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <tuple>

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

// Samples that a thread takes at least; fewer are not worth waking one for.
constexpr int64_t grain = 16;

// What a thread of the pool computes is not recorded, and stays in float32 under autocast.
struct Plain {
    at::AutoDispatchBelowADInplaceOrView below;
    c10::impl::ExcludeDispatchKeyGuard no_autocast{c10::DispatchKey::AutocastCPU};
};

at::Tensor rows(const at::Tensor& steps, int64_t step, int64_t begin, int64_t count) {
    return steps.select(0, step).narrow(0, begin, count);
}

// What the backward pass reads and writes, [T,N,...] each, the states [N,H].
struct Slopes {
    const float *gates, *cells, *tanhs, *first_cell, *dy;
    float *dh, *dc, *dgates;
    int64_t batch, hidden;

    // From the gradients of a step's state to those of its gates before they were squashed, and of the cell before it.
    void step(int64_t time, int64_t begin, int64_t end) const {
        for (int64_t n = begin; n < end; n++) {
            const int64_t row = time * batch + n;
            const float *in = gates + 4 * hidden * row, *out = in + hidden, *forget = out + hidden, *candidate = forget + hidden;
            const float* before = time > 0 ? cells + hidden * (row - batch) : first_cell + hidden * n;
            const float* squashed = tanhs + hidden * row;
            const float* wanted = dy == nullptr ? nullptr : dy + hidden * row;
            float *d_in = dgates + 4 * hidden * row, *d_out = d_in + hidden, *d_forget = d_out + hidden, *d_candidate = d_forget + hidden;
            float *state = dh + hidden * n, *cell = dc + hidden * n;
            for (int64_t j = 0; j < hidden; j++) {
                const float slope = state[j] + (wanted == nullptr ? 0 : wanted[j]);
                const float through = cell[j] + slope * out[j] * (1 - squashed[j] * squashed[j]);
                d_in[j] = through * candidate[j] * in[j] * (1 - in[j]);
                d_out[j] = slope * squashed[j] * out[j] * (1 - out[j]);
                d_forget[j] = through * before[j] * forget[j] * (1 - forget[j]);
                d_candidate[j] = through * in[j] * (1 - candidate[j] * candidate[j]);
                cell[j] = through * forget[j];
            }
        }
    }
};

// x [T,N,I], h and c [N,H], w [4H,I], r [4H,H], b [8H] or nothing; gates in ONNX's order: input, output, forget, cell.
struct Lstm : torch::autograd::Function<Lstm> {
    static variable_list forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& h, const at::Tensor& c,
        const at::Tensor& w, const at::Tensor& r, const at::Tensor& b) {
        Plain plain;
        const int64_t steps = x.size(0), batch = x.size(1), hidden = h.size(1);
        at::Tensor flat = x.reshape({steps * batch, x.size(2)});
        at::Tensor gates = b.defined()
            ? at::addmm(b.narrow(0, 0, 4 * hidden) + b.narrow(0, 4 * hidden, 4 * hidden), flat, w.t())
            : at::mm(flat, w.t());
        gates = gates.view({steps, batch, 4 * hidden});
        at::Tensor y = at::empty({steps, batch, hidden}, x.options());
        at::Tensor cells = at::empty_like(y);
        at::Tensor tanhs = at::empty_like(y);
        const at::Tensor turned = r.t();
        at::parallel_for(0, batch, grain, [&](int64_t begin, int64_t end) {
            Plain inside;
            const int64_t count = end - begin;
            at::Tensor before = h.narrow(0, begin, count);
            at::Tensor cell = c.narrow(0, begin, count);
            for (int64_t step = 0; step < steps; step++) {
                at::Tensor gate = rows(gates, step, begin, count);
                at::Tensor out = rows(y, step, begin, count);
                at::Tensor next = rows(cells, step, begin, count);
                at::Tensor squashed = rows(tanhs, step, begin, count);
                gate.addmm_(before, turned);
                gate.narrow(1, 0, 3 * hidden).sigmoid_();
                at::Tensor candidate = gate.narrow(1, 3 * hidden, hidden).tanh_();
                at::mul_out(next, gate.narrow(1, 2 * hidden, hidden), cell);
                next.addcmul_(gate.narrow(1, 0, hidden), candidate);
                at::tanh_out(squashed, next);
                at::mul_out(out, gate.narrow(1, hidden, hidden), squashed);
                before = out;
                cell = next;
            }
        });
        context->save_for_backward({x, h, c, w, r, gates, cells, tanhs, y});
        context->saved_data["biased"] = b.defined();
        return {y, y.select(0, steps - 1).clone(), cells.select(0, steps - 1).clone()};
    }

    static variable_list backward(AutogradContext* context, const variable_list& given) {
        Plain plain;
        const variable_list saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &h = saved[1], &c = saved[2], &w = saved[3], &r = saved[4];
        const at::Tensor &gates = saved[5], &cells = saved[6], &tanhs = saved[7], &y = saved[8];
        const int64_t steps = y.size(0), batch = y.size(1), hidden = y.size(2);
        at::Tensor dgates = at::empty_like(gates);
        at::Tensor dh = given[1].defined() ? given[1].clone(at::MemoryFormat::Contiguous) : at::zeros({batch, hidden}, y.options());
        at::Tensor dc = given[2].defined() ? given[2].clone(at::MemoryFormat::Contiguous) : at::zeros({batch, hidden}, y.options());
        const at::Tensor dy = given[0].defined() ? given[0].contiguous() : at::Tensor();
        const at::Tensor first = c.contiguous();
        const Slopes slopes{gates.data_ptr<float>(), cells.data_ptr<float>(), tanhs.data_ptr<float>(), first.data_ptr<float>(),
            dy.defined() ? dy.data_ptr<float>() : nullptr, dh.data_ptr<float>(), dc.data_ptr<float>(), dgates.data_ptr<float>(), batch, hidden};
        at::parallel_for(0, batch, grain, [&](int64_t begin, int64_t end) {
            Plain inside;
            at::Tensor own = dh.narrow(0, begin, end - begin);
            for (int64_t step = steps - 1; step >= 0; step--) {
                slopes.step(step, begin, end);
                at::mm_out(own, rows(dgates, step, begin, end - begin), r);
            }
        });
        const at::Tensor all = dgates.view({steps * batch, 4 * hidden});
        const at::Tensor turned = all.t();
        at::Tensor before = at::cat({h.unsqueeze(0), y.narrow(0, 0, steps - 1)}).view({steps * batch, hidden});
        at::Tensor db;
        if (context->saved_data["biased"].toBool()) {
            at::Tensor half = all.sum(0);
            db = at::cat({half, half});
        }
        return {at::mm(all, w).view_as(x), dh, dc, turned.mm(x.reshape({steps * batch, x.size(2)})), turned.mm(before), db};
    }
};

std::tuple<at::Tensor, at::Tensor, at::Tensor> lstm(const at::Tensor& x, const at::Tensor& h, const at::Tensor& c,
    const at::Tensor& w, const at::Tensor& r, const c10::optional<at::Tensor>& b) {
    const bool fits = x.dim() == 3 && x.size(0) > 0 && h.dim() == 2 && c.sizes() == h.sizes() && h.size(0) == x.size(1)
        && w.dim() == 2 && w.size(0) == 4 * h.size(1) && w.size(1) == x.size(2)
        && r.dim() == 2 && r.size(0) == 4 * h.size(1) && r.size(1) == h.size(1)
        && (!b.has_value() || (b->dim() == 1 && b->size(0) == 8 * h.size(1)));
    TORCH_CHECK(fits, "edge::lstm: x ", x.sizes(), ", h ", h.sizes(), ", c ", c.sizes(), ", w ", w.sizes(), " and r ", r.sizes(), " do not fit together");
    for (const at::Tensor& each : {x, h, c, w, r}) {
        TORCH_CHECK(each.device().is_cpu() && each.scalar_type() == at::kFloat, "edge::lstm takes float32 on the CPU");
    }
    variable_list results = Lstm::apply(x, h, c, w, r, b.value_or(at::Tensor()));
    return {results[0], results[1], results[2]};
}

}  // namespace

TORCH_LIBRARY(edge, library) {
    library.def("lstm(Tensor x, Tensor h, Tensor c, Tensor w, Tensor r, Tensor? b) -> (Tensor, Tensor, Tensor)", lstm);
}
