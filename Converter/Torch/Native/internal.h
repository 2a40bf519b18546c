// What the families share: handles, and the border where exceptions become a status and one line of text.
#ifndef EDGE_TORCH_INTERNAL_H
#define EDGE_TORCH_INTERNAL_H

#include <ATen/ATen.h>

#include <atomic>
#include <new>
#include <stdexcept>
#include <string>

#include "edge_torch.h"

namespace edge {

// An argument is wrong in a way that libtorch has not been asked about.
struct Misuse : std::runtime_error {
    using std::runtime_error::runtime_error;
};

extern std::atomic<int64_t> live_tensors;

// Hands one reference to the caller.
inline edge_tensor give(at::Tensor tensor) {
    live_tensors.fetch_add(1, std::memory_order_relaxed);
    return tensor.unsafeReleaseTensorImpl();
}

// A new reference to the tensor behind a handle; the caller keeps his own.
inline at::Tensor borrow(const void* handle) {
    if (handle == nullptr) {
        throw Misuse("a tensor is missing");
    }
    auto* impl = static_cast<at::TensorImpl*>(const_cast<void*>(handle));
    return at::Tensor(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim_copy(impl));
}

// Copies the first line of `text`, cut at `size`, terminated.
void copy_text(const std::string& text, char* target, int32_t size);

// Runs `body` and translates whatever it throws.
template <typename Body>
int32_t guard(char* error, int32_t error_size, Body body) noexcept {
    try {
        body();
        return EDGE_OK;
    } catch (const Misuse& e) {
        copy_text(e.what(), error, error_size);
        return EDGE_MISUSE;
    } catch (const std::bad_alloc&) {
        copy_text("out of memory", error, error_size);
        return EDGE_OUT_OF_MEMORY;
    } catch (const c10::Error& e) {
        copy_text(e.what_without_backtrace(), error, error_size);
        return EDGE_FAILED;
    } catch (const std::exception& e) {
        copy_text(e.what(), error, error_size);
        return EDGE_FAILED;
    } catch (...) {
        copy_text("an unknown failure inside libtorch", error, error_size);
        return EDGE_FAILED;
    }
}

}  // namespace edge

#endif
