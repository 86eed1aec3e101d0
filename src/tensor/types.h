#pragma once
// What tensors are made of, by LibTorch's names: types of elements, devices, sizes, numbers.

#include <cstdint>
#include <initializer_list>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace weft::tensors {

/// kFloat16, kBFloat16 and kUInt8 are only stored.
enum class ScalarType : uint8_t { kBool, kUInt8, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64 };

inline constexpr auto kBool = ScalarType::kBool;
inline constexpr auto kByte = ScalarType::kUInt8, kUInt8 = kByte;
inline constexpr auto kLong = ScalarType::kInt64, kInt64 = kLong;
inline constexpr auto kFloat16 = ScalarType::kFloat16;
inline constexpr auto kBFloat16 = ScalarType::kBFloat16;
inline constexpr auto kFloat = ScalarType::kFloat32, kFloat32 = kFloat;
inline constexpr auto kFloat64 = ScalarType::kFloat64;

template <class T>
constexpr ScalarType type_of() {
  if constexpr (std::is_same_v<T, bool>) return kBool;
  if constexpr (std::is_same_v<T, uint8_t>) return kUInt8;
  if constexpr (std::is_same_v<T, int64_t>) return kInt64;
  if constexpr (std::is_same_v<T, float>) return kFloat32;
  if constexpr (std::is_same_v<T, double>) return kFloat64;
}

int64_t bytes_of(ScalarType type);
std::ostream& operator<<(std::ostream& out, ScalarType type);

/// A mistake of ours.
class Error : public std::logic_error {
  using logic_error::logic_error;
};

template <class... Parts>
[[noreturn]] void fail(const Parts&... parts) {
  std::ostringstream message;
  (message << ... << parts);
  throw Error(message.str());
}

enum class DeviceType : uint8_t { kCpu, kCuda };
inline constexpr auto kCPU = DeviceType::kCpu;
inline constexpr auto kCUDA = DeviceType::kCuda;

/// Always the CPU.
struct Device {
  constexpr Device(DeviceType /*type*/ = kCPU) {}
  static constexpr bool is_cpu() { return true; }
  static constexpr int8_t index() { return 0; }
  static std::string str() { return "cpu"; }
};

/// Sizes, or other lists of integers, of somebody else.
class IntArrayRef {
 public:
  constexpr IntArrayRef() = default;
  constexpr IntArrayRef(const int64_t* values, std::size_t count)
      : values_(values), count_(count) {}
  constexpr IntArrayRef(const std::initializer_list<int64_t>& list) : count_(list.size()) {
    values_ = list.begin();  // not above, where GCC warns that the list may end first
  }
  IntArrayRef(const std::vector<int64_t>& list) : values_(list.data()), count_(list.size()) {}
  constexpr const int64_t* begin() const { return values_; }
  constexpr const int64_t* end() const { return values_ + count_; }
  constexpr std::size_t size() const { return count_; }
  constexpr int64_t operator[](std::size_t i) const { return values_[i]; }
  std::vector<int64_t> vec() const { return {begin(), end()}; }
  bool operator==(const IntArrayRef& other) const;

 private:
  const int64_t* values_ = nullptr;
  std::size_t count_ = 0;
};
std::ostream& operator<<(std::ostream& out, const IntArrayRef& sizes);

/// Of a new tensor.
class TensorOptions {
 public:
  constexpr TensorOptions(ScalarType type = kFloat32) : type_(type) {}
  constexpr ScalarType type() const { return type_; }
  constexpr TensorOptions dtype(ScalarType type) const { return {type}; }
  constexpr TensorOptions requires_grad(bool /*wanted*/) const { return *this; }

 private:
  ScalarType type_;
};

/// A number of any type.
class Scalar {
 public:
  template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
  constexpr Scalar(T value)
      : value_(static_cast<double>(value)), is_whole_(std::is_integral_v<T>) {}
  constexpr bool is_whole() const { return is_whole_; }
  template <class T>
  constexpr T to() const {
    return static_cast<T>(value_);
  }

 private:
  double value_;
  bool is_whole_;
};

}  // namespace weft::tensors
