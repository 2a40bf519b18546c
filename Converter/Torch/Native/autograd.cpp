// Gradients.
#include "internal.h"

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
