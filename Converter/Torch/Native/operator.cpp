// Any ATen operator, found by name and called through the dispatcher, so autograd and every device work as usual.
#include "internal.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#include <ATen/core/stack.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <utility>

namespace {

using c10::IValue;
using c10::TypeKind;

// Operators that were asked for; they stay for the life of the process, so a handle never dangles.
std::mutex registry_lock;
std::map<std::pair<std::string, std::string>, std::unique_ptr<c10::OperatorHandle>> registry;

const c10::OperatorHandle& operator_of(edge_operator op) {
    if (op == nullptr) {
        throw edge::Misuse("an operator is missing");
    }
    return *static_cast<const c10::OperatorHandle*>(op);
}

std::string schema_text(const c10::FunctionSchema& schema) {
    std::ostringstream text;
    text << schema;
    return text.str();
}

const char* tag_name(int32_t tag) {
    switch (tag) {
        case EDGE_NONE: return "nothing";
        case EDGE_TENSOR: return "a tensor";
        case EDGE_INT: return "an int";
        case EDGE_DOUBLE: return "a float";
        case EDGE_BOOL: return "a bool";
        case EDGE_INT_LIST: return "a list of int";
        case EDGE_DOUBLE_LIST: return "a list of float";
        case EDGE_TENSOR_LIST: return "a list of tensors";
        case EDGE_STRING: return "a string";
        default: return "an argument of unknown kind";
    }
}

[[noreturn]] void refuse(const c10::FunctionSchema& schema, const std::string& what) {
    throw edge::Misuse(schema.operator_name().name + ": " + what + "; its schema is " + schema_text(schema));
}

template <typename Element>
c10::List<Element> copy_list(const edge_value& actual, int32_t tag) {
    c10::List<Element> list;
    list.reserve(static_cast<size_t>(actual.count));
    for (int32_t i = 0; i < actual.count; i++) {
        if (tag == EDGE_DOUBLE_LIST) {
            list.push_back(static_cast<Element>(static_cast<const double*>(actual.pointer)[i]));
        } else {
            list.push_back(static_cast<Element>(static_cast<const int64_t*>(actual.pointer)[i]));
        }
    }
    return list;
}

// A list that the schema asks for; `false` where the argument cannot become one.
bool convert_list(const c10::Type& element, const edge_value& actual, IValue& result) {
    const bool integers = actual.tag == EDGE_INT_LIST;
    const bool reals = actual.tag == EDGE_DOUBLE_LIST;
    const bool empty = (integers || reals || actual.tag == EDGE_TENSOR_LIST) && actual.count == 0;
    switch (element.kind()) {
        case TypeKind::IntType:
        case TypeKind::SymIntType:
            if (!integers && !empty) {
                return false;
            }
            result = copy_list<int64_t>(actual, EDGE_INT_LIST);
            return true;
        case TypeKind::FloatType:
            if (!integers && !reals && !empty) {
                return false;
            }
            result = copy_list<double>(actual, actual.tag);
            return true;
        case TypeKind::BoolType:
            if (!integers && !empty) {
                return false;
            }
            result = copy_list<bool>(actual, EDGE_INT_LIST);
            return true;
        case TypeKind::TensorType:
        case TypeKind::OptionalType: {
            if (actual.tag != EDGE_TENSOR_LIST && !empty) {
                return false;
            }
            const bool optional = element.kind() == TypeKind::OptionalType;
            c10::TypePtr type = c10::TensorType::get();
            if (optional) {
                type = c10::OptionalType::create(type);
            }
            c10::impl::GenericList list(type);
            for (int32_t i = 0; i < actual.count; i++) {
                const void* handle = static_cast<const edge_tensor*>(actual.pointer)[i];
                list.push_back(handle == nullptr && optional ? IValue() : IValue(edge::borrow(handle)));
            }
            result = std::move(list);
            return true;
        }
        default:
            return false;
    }
}

bool convert(const c10::Type& type, const edge_value& actual, IValue& result) {
    switch (type.kind()) {
        case TypeKind::OptionalType:
            if (actual.tag == EDGE_NONE) {
                result = IValue();
                return true;
            }
            return convert(*static_cast<const c10::OptionalType&>(type).getElementType(), actual, result);
        case TypeKind::TensorType:
            if (actual.tag != EDGE_TENSOR) {
                return false;
            }
            result = edge::borrow(actual.pointer);
            return true;
        case TypeKind::IntType:
        case TypeKind::SymIntType:
            if (actual.tag != EDGE_INT) {
                return false;
            }
            result = actual.integer;
            return true;
        case TypeKind::FloatType:
            if (actual.tag != EDGE_INT && actual.tag != EDGE_DOUBLE) {
                return false;
            }
            result = actual.tag == EDGE_INT ? static_cast<double>(actual.integer) : actual.real;
            return true;
        case TypeKind::BoolType:
            if (actual.tag != EDGE_BOOL) {
                return false;
            }
            result = actual.integer != 0;
            return true;
        case TypeKind::NumberType:
            switch (actual.tag) {
                case EDGE_INT: result = actual.integer; return true;
                case EDGE_DOUBLE: result = actual.real; return true;
                case EDGE_BOOL: result = actual.integer != 0; return true;
                default: return false;
            }
        case TypeKind::StringType:
            if (actual.tag != EDGE_STRING) {
                return false;
            }
            result = std::string(static_cast<const char*>(actual.pointer), static_cast<size_t>(actual.count));
            return true;
        case TypeKind::DeviceObjType:
            if (actual.tag != EDGE_STRING) {
                return false;
            }
            result = c10::Device(std::string(static_cast<const char*>(actual.pointer), static_cast<size_t>(actual.count)));
            return true;
        case TypeKind::ListType:
            return convert_list(*static_cast<const c10::ListType&>(type).getElementType(), actual, result);
        default:
            if (actual.tag == EDGE_NONE) {
                result = IValue();
                return true;
            }
            return false;
    }
}

// The tensors already given stay with the caller only if everything went well.
struct Results {
    edge_value* values;
    int32_t capacity;
    int32_t count = 0;

    edge_value& next(const c10::FunctionSchema& schema) {
        if (count == capacity) {
            refuse(schema, "it returns more than the " + std::to_string(capacity) + " values there is room for");
        }
        edge_value& value = values[count++];
        value.tag = EDGE_NONE;
        value.count = 0;
        value.integer = 0;
        return value;
    }

    void add(const c10::FunctionSchema& schema, const at::Tensor& tensor) {
        edge_value& value = next(schema);
        if (tensor.defined()) {
            value.pointer = edge::give(tensor);
            value.tag = EDGE_TENSOR;
        }
    }

    void add(const c10::FunctionSchema& schema, const IValue& result) {
        if (result.isTensor()) {
            add(schema, result.toTensor());
        } else if (result.isTensorList()) {
            for (const at::Tensor& tensor : result.toTensorVector()) {
                add(schema, tensor);
            }
        } else if (result.isInt()) {
            edge_value& value = next(schema);
            value.tag = EDGE_INT;
            value.integer = result.toInt();
        } else if (result.isDouble()) {
            edge_value& value = next(schema);
            value.tag = EDGE_DOUBLE;
            value.real = result.toDouble();
        } else if (result.isBool()) {
            edge_value& value = next(schema);
            value.tag = EDGE_BOOL;
            value.integer = result.toBool() ? 1 : 0;
        } else if (result.isNone()) {
            next(schema);
        } else {
            refuse(schema, "it returns " + result.tagKind() + ", which has no place in a result");
        }
    }

    void take_back() {
        for (int32_t i = 0; i < count; i++) {
            if (values[i].tag == EDGE_TENSOR) {
                edge_tensor_free(const_cast<void*>(values[i].pointer));
            }
        }
    }
};

}  // namespace

int32_t edge_operator_find(const char* name, const char* overload, edge_operator* result, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        std::lock_guard<std::mutex> hold(registry_lock);
        auto& entry = registry[{name, overload}];
        if (!entry) {
            auto found = c10::Dispatcher::singleton().findSchema({name, overload});
            if (!found.has_value()) {
                std::string full = overload[0] == '\0' ? std::string(name) : std::string(name) + "." + overload;
                throw edge::Misuse("libtorch has no operator " + full);
            }
            entry = std::make_unique<c10::OperatorHandle>(*found);
        }
        *result = entry.get();
    });
}

int32_t edge_operator_schema(edge_operator op, char* text, int32_t size, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] { edge::copy_text(schema_text(operator_of(op).schema()), text, size); });
}

int32_t edge_operator_call(edge_operator op, const edge_value* arguments, int32_t argument_count,
    edge_value* results, int32_t capacity, int32_t* result_count, char* error, int32_t error_size) {
    return edge::guard(error, error_size, [&] {
        const c10::OperatorHandle& handle = operator_of(op);
        const c10::FunctionSchema& schema = handle.schema();
        const auto& formals = schema.arguments();
        if (argument_count < 0 || static_cast<size_t>(argument_count) > formals.size()) {
            refuse(schema, "it takes " + std::to_string(formals.size()) + " arguments, not " + std::to_string(argument_count));
        }
        torch::jit::Stack stack;
        stack.reserve(std::max(formals.size(), schema.returns().size()));
        for (size_t i = 0; i < formals.size(); i++) {
            const c10::Argument& formal = formals[i];
            const bool given = i < static_cast<size_t>(argument_count) && arguments[i].tag != EDGE_DEFAULT;
            IValue value;
            if (!given) {
                if (!formal.default_value().has_value()) {
                    refuse(schema, "argument '" + formal.name() + "' has no default and was not given");
                }
                value = *formal.default_value();
            } else if (!convert(*formal.type(), arguments[i], value)) {
                refuse(schema, std::string(tag_name(arguments[i].tag)) + " does not fit argument '" + formal.name() + "'");
            }
            stack.push_back(std::move(value));
        }
        try {
            handle.callBoxed(stack);
        } catch (const c10::Error& e) {
            throw std::runtime_error(schema.operator_name().name + ": " + e.what_without_backtrace());
        }
        Results output{results, capacity};
        try {
            for (const IValue& result : stack) {
                output.add(schema, result);
            }
        } catch (...) {
            output.take_back();
            throw;
        }
        *result_count = output.count;
    });
}
