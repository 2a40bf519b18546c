// Tensors and memory.
#include "internal.h"

#include <c10/core/GradMode.h>

#include <cstring>

namespace {

at::ScalarType scalar_type(int32_t dtype) {
    if (dtype < 0 || dtype >= static_cast<int32_t>(at::ScalarType::NumOptions)) {
        throw edge::Misuse("unknown data type " + std::to_string(dtype));
    }
    return static_cast<at::ScalarType>(dtype);
}

void check_bytes(const at::Tensor& tensor, int64_t bytes) {
    int64_t expected = static_cast<int64_t>(tensor.nbytes());
    if (bytes != expected) {
        throw edge::Misuse("the tensor holds " + std::to_string(expected) + " bytes, not " + std::to_string(bytes));
    }
}

}  // namespace

int32_t edge_tensor_create(const void* data, int32_t dtype, const int64_t* shape, int32_t rank,
    int32_t device_type, int32_t device_index, edge_tensor* result, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        at::IntArrayRef sizes(shape, static_cast<size_t>(rank));
        auto host = at::TensorOptions().dtype(scalar_type(dtype));
        c10::Device device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
        if (data == nullptr) {
            *result = edge::give(at::zeros(sizes, host.device(device)));
            return;
        }
        at::Tensor view = at::from_blob(const_cast<void*>(data), sizes, host);
        *result = edge::give(device.is_cpu() ? view.clone() : view.to(device));
    });
}

int32_t edge_tensor_free(edge_tensor tensor) {
    if (tensor == nullptr) {
        return EDGE_OK;
    }
    edge::live_tensors.fetch_sub(1, std::memory_order_relaxed);
    return edge::guard(nullptr, 0, [&] {
        c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim(static_cast<at::TensorImpl*>(tensor));
    });
}

int32_t edge_tensor_describe(edge_tensor tensor, int64_t* shape, int32_t capacity, int32_t* rank,
    int32_t* dtype, int32_t* device_type, int32_t* device_index, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        at::Tensor t = edge::borrow(tensor);
        *rank = static_cast<int32_t>(t.dim());
        for (int32_t i = 0; i < *rank && i < capacity; i++) {
            shape[i] = t.size(i);
        }
        *dtype = static_cast<int32_t>(t.scalar_type());
        *device_type = static_cast<int32_t>(t.device().type());
        *device_index = t.device().index();
    });
}

int32_t edge_tensor_data(edge_tensor tensor, void** data, int64_t* bytes, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        at::Tensor t = edge::borrow(tensor);
        if (!t.device().is_cpu() || !t.is_contiguous()) {
            throw edge::Misuse("only a contiguous tensor in main memory can be seen as a span");
        }
        *data = t.data_ptr();
        *bytes = static_cast<int64_t>(t.nbytes());
    });
}

int32_t edge_tensor_read(edge_tensor tensor, void* data, int64_t bytes, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        at::Tensor t = edge::borrow(tensor).detach();
        check_bytes(t, bytes);
        t = t.to(at::kCPU).contiguous();
        if (bytes > 0) {
            std::memcpy(data, t.data_ptr(), static_cast<size_t>(bytes));
        }
    });
}

int32_t edge_tensor_write(edge_tensor tensor, const void* data, int64_t bytes, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        at::Tensor t = edge::borrow(tensor).detach();
        check_bytes(t, bytes);
        if (bytes == 0) {
            return;
        }
        if (t.device().is_cpu() && t.is_contiguous()) {
            std::memcpy(t.data_ptr(), data, static_cast<size_t>(bytes));
            return;
        }
        at::Tensor view = at::from_blob(const_cast<void*>(data), t.sizes(), at::TensorOptions().dtype(t.scalar_type()));
        t.copy_(view);
    });
}

int32_t edge_tensor_share(edge_tensor tensor, edge_tensor* result, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] { *result = edge::give(edge::borrow(tensor)); });
}
