// The C interface between Edge.Torch and libtorch.
//
// Every function returns EDGE_OK or another edge_status; on failure the first line of the reason is copied into
// the caller's buffer `error` (always terminated; `error_size` bytes at most). No exception crosses this border.
// A tensor handle is one reference to a tensor; whoever receives it gives it back with edge_tensor_free.
// Handles may be used from any thread; one handle is not to be freed while another thread uses it.
#ifndef EDGE_TORCH_H
#define EDGE_TORCH_H

#include <stdint.h>

#define EDGE_TORCH_ABI_VERSION 4
#define EDGE_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

typedef enum edge_status {
    EDGE_OK = 0,
    EDGE_MISUSE = 1,        // an argument is wrong: unknown operator, wrong type, buffer of the wrong size
    EDGE_FAILED = 2,        // libtorch refused: shapes, types or devices that do not go together
    EDGE_OUT_OF_MEMORY = 3
} edge_status;

typedef void* edge_tensor;
typedef const void* edge_operator;

// What an argument or a result holds. A list points at `count` elements; the callee copies them.
typedef enum edge_tag {
    EDGE_NONE = 0,
    EDGE_DEFAULT = 1,       // take the default of the operator's schema
    EDGE_TENSOR = 2,        // pointer: edge_tensor
    EDGE_INT = 3,           // integer; also dtype, layout and memory format, which the schema knows as int
    EDGE_DOUBLE = 4,        // real
    EDGE_BOOL = 5,          // integer: 0 or 1
    EDGE_INT_LIST = 6,      // pointer: int64_t[count]; also bool[]
    EDGE_DOUBLE_LIST = 7,   // pointer: double[count]
    EDGE_TENSOR_LIST = 8,   // pointer: edge_tensor[count]; a null element is an absent optional tensor
    EDGE_STRING = 9,        // pointer: UTF-8, count bytes; also a device such as "cuda:0"
} edge_tag;

typedef struct edge_value {
    int32_t tag;
    int32_t count;
    union {
        int64_t integer;
        double real;
        const void* pointer;
    };
} edge_value;

// One parameter of an optimizer step. Moments are tensors of the parameter's shape, type and device.
typedef struct edge_parameter {
    edge_tensor value;
    edge_tensor first;      // momentum buffer (SGD), first moment (Adam); null where not needed
    edge_tensor second;     // second moment (Adam, RMSprop); null where not needed
    double rate;            // multiplies the learning rate
    double decay;           // multiplies the weight decay
} edge_parameter;

// How long one node of the graph of gradients took.
typedef struct edge_node_time {
    int64_t sequence;       // of the operator whose gradient it was; -1 for adding a gradient to a weight's
    int64_t nanoseconds;
} edge_node_time;

// runtime.cpp
EDGE_API int32_t edge_torch_abi_version(void);
// Makes the C library keep freed memory for the next step; leaves a user's own MALLOC_ settings alone. 1 if it did.
EDGE_API int32_t edge_torch_keep_memory(void);
EDGE_API int32_t edge_torch_version(char* text, int32_t size, char* error, int32_t error_size);
EDGE_API int32_t edge_torch_set_threads(int32_t threads, char* error, int32_t error_size);
EDGE_API int32_t edge_torch_get_threads(int32_t* threads, char* error, int32_t error_size);
EDGE_API int32_t edge_torch_seed(uint64_t seed, char* error, int32_t error_size);
EDGE_API int32_t edge_torch_cuda_devices(int32_t* devices, char* error, int32_t error_size);
EDGE_API int32_t edge_torch_live_tensors(int64_t* count, char* error, int32_t error_size);
EDGE_API int32_t edge_torch_set_grad_mode(int32_t enabled, int32_t* previous, char* error, int32_t error_size);
// Lets convolutions and matrix products on this thread compute in a half type (dtype), or no longer (-1).
EDGE_API int32_t edge_torch_set_autocast(int32_t device_type, int32_t dtype, char* error, int32_t error_size);

// tensor.cpp: dtype numbers are libtorch's ScalarType, device types its DeviceType (0 CPU, 1 CUDA).
EDGE_API int32_t edge_tensor_create(const void* data, int32_t dtype, const int64_t* shape, int32_t rank,
    int32_t device_type, int32_t device_index, edge_tensor* result, char* error, int32_t error_size);
EDGE_API int32_t edge_tensor_free(edge_tensor tensor);
EDGE_API int32_t edge_tensor_describe(edge_tensor tensor, int64_t* shape, int32_t capacity, int32_t* rank,
    int32_t* dtype, int32_t* device_type, int32_t* device_index, char* error, int32_t error_size);
EDGE_API int32_t edge_tensor_data(edge_tensor tensor, void** data, int64_t* bytes, char* error, int32_t error_size);
EDGE_API int32_t edge_tensor_read(edge_tensor tensor, void* data, int64_t bytes, char* error, int32_t error_size);
EDGE_API int32_t edge_tensor_write(edge_tensor tensor, const void* data, int64_t bytes, char* error, int32_t error_size);
EDGE_API int32_t edge_tensor_share(edge_tensor tensor, edge_tensor* result, char* error, int32_t error_size);

// operator.cpp
EDGE_API int32_t edge_operator_find(const char* name, const char* overload, edge_operator* result, char* error, int32_t error_size);
EDGE_API int32_t edge_operator_schema(edge_operator op, char* text, int32_t size, char* error, int32_t error_size);
EDGE_API int32_t edge_operator_call(edge_operator op, const edge_value* arguments, int32_t argument_count,
    edge_value* results, int32_t capacity, int32_t* result_count, char* error, int32_t error_size);

// autograd.cpp
EDGE_API int32_t edge_tensor_set_requires_grad(edge_tensor tensor, int32_t requires_grad, char* error, int32_t error_size);
EDGE_API int32_t edge_tensor_requires_grad(edge_tensor tensor, int32_t* requires_grad, char* error, int32_t error_size);
EDGE_API int32_t edge_tensor_backward(edge_tensor tensor, edge_tensor gradient, char* error, int32_t error_size);
// The same, and how long each node of the graph of gradients took: the first `capacity` of `*count`.
EDGE_API int32_t edge_tensor_backward_timed(edge_tensor tensor, edge_node_time* times, int32_t capacity, int32_t* count, char* error, int32_t error_size);
// The number that the next recorded operator of this thread gets.
EDGE_API int32_t edge_torch_sequence_number(int64_t* number, char* error, int32_t error_size);
EDGE_API int32_t edge_tensor_grad(edge_tensor tensor, edge_tensor* gradient, char* error, int32_t error_size);
// Makes backward leave a gradient on a result of recorded operators too.
EDGE_API int32_t edge_tensor_retain_grad(edge_tensor tensor, char* error, int32_t error_size);
EDGE_API int32_t edge_tensors_clear_grad(const edge_tensor* tensors, int32_t count, char* error, int32_t error_size);
EDGE_API int32_t edge_tensor_detach(edge_tensor tensor, edge_tensor* result, char* error, int32_t error_size);

// optimizer.cpp: parameters without a gradient are left alone.
EDGE_API int32_t edge_optimizer_sgd(const edge_parameter* parameters, int32_t count, int64_t step, double learning_rate,
    double momentum, int32_t nesterov, double weight_decay, char* error, int32_t error_size);
EDGE_API int32_t edge_optimizer_adam(const edge_parameter* parameters, int32_t count, int64_t step, double learning_rate,
    double beta1, double beta2, double epsilon, double weight_decay, int32_t decoupled, char* error, int32_t error_size);
EDGE_API int32_t edge_optimizer_rmsprop(const edge_parameter* parameters, int32_t count, double learning_rate,
    double smoothing, double epsilon, double momentum, double weight_decay, char* error, int32_t error_size);
// first = decay * first + (1 - decay) * value, gradients or not.
EDGE_API int32_t edge_optimizer_average(const edge_parameter* parameters, int32_t count, double decay, char* error, int32_t error_size);
EDGE_API int32_t edge_gradients_norm(const edge_tensor* tensors, int32_t count, double* norm, char* error, int32_t error_size);
EDGE_API int32_t edge_gradients_scale(const edge_tensor* tensors, int32_t count, double factor, char* error, int32_t error_size);
EDGE_API int32_t edge_gradients_clamp(const edge_tensor* tensors, int32_t count, double limit, char* error, int32_t error_size);

#ifdef __cplusplus
}
#endif

#endif
