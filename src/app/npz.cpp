#include "app/npz.h"

#include <zip.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "media/feature_formats.h"
#include "media/format_error.h"

namespace weft {
namespace {

constexpr const char* kArrayEnding = ".npy";

struct CloseZip {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseZipEntry {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
struct FreeZipSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using ZipSource = std::unique_ptr<zip_source_t, FreeZipSource>;

std::string message_of(zip_error_t& error) {
  std::string message = zip_error_strerror(&error);
  zip_error_fini(&error);
  return message;
}

/// A tensor of a shape whose dimensions are stored in the reverse order.
torch::Tensor in_c_order(const torch::Tensor& tensor) {
  std::vector<int64_t> reversed(static_cast<std::size_t>(tensor.dim()));
  for (std::size_t i = 0; i < reversed.size(); ++i)
    reversed[i] = static_cast<int64_t>(reversed.size() - 1 - i);
  return tensor.permute(reversed).contiguous();
}

/// Version 1.0, padded to a multiple of 64 bytes as NumPy does.
std::string npy_bytes(const std::string& type, const std::vector<int64_t>& shape,
                      std::string_view numbers) {
  std::string sizes;
  for (const int64_t size : shape) sizes += std::to_string(size) + ", ";
  if (shape.size() > 1) sizes.resize(sizes.size() - 2);
  if (shape.size() == 1) sizes.resize(sizes.size() - 1);
  std::string header =
      "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
  constexpr std::size_t kBefore = 10, kAlignment = 64;
  header.append(kAlignment - (kBefore + header.size() + 1) % kAlignment, ' ');
  header += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size() % 256);
  bytes += static_cast<char>(header.size() / 256);
  return bytes + header + std::string(numbers);
}

/// Adds a file to an archive that is being written; `bytes` must live until it is closed.
void add_file(zip_t* archive, const std::string& name, const std::string& bytes) {
  ZipSource source(zip_source_buffer(archive, bytes.data(), bytes.size(), 0));
  const auto index =
      source ? zip_file_add(archive, name.c_str(), source.get(), ZIP_FL_ENC_UTF_8) : -1;
  if (index < 0) throw std::runtime_error(std::string("libzip: ") + zip_strerror(archive));
  source.release();  // the archive's own
  const auto number = static_cast<zip_uint64_t>(index);
  zip_set_file_compression(archive, number, ZIP_CM_STORE, 0);
  zip_file_set_dostime(archive, number, 0, (1 << 5) | 1, 0);  // 1980-01-01
}

/// What a source that an archive was written to holds.
std::string written_bytes(zip_source_t* source) {
  zip_stat_t status;
  if (zip_source_stat(source, &status) != 0 || zip_source_open(source) != 0)
    throw std::runtime_error("libzip: the written archive cannot be read");
  std::string bytes(status.size, '\0');
  const auto read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (read != static_cast<zip_int64_t>(bytes.size()))
    throw std::runtime_error("libzip: the written archive cannot be read");
  return bytes;
}

}  // namespace

struct NpzFile::Archive {
  std::unique_ptr<zip_t, CloseZip> zip;
};

NpzFile::NpzFile(const std::string& path) : path_(path), archive_(std::make_unique<Archive>()) {
  int code = 0;
  archive_->zip.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (!archive_->zip) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    throw UserError({path}, "cannot be read as .npz (" + message_of(error) + ")");
  }
  const auto count = zip_get_num_entries(archive_->zip.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* found = zip_get_name(archive_->zip.get(), static_cast<zip_uint64_t>(i), 0);
    std::string name = found == nullptr ? "" : found;
    if (!name.ends_with(kArrayEnding))
      throw UserError({path}, "has an entry '" + name + "'; expected .npy files alone, as in .npz");
    name.resize(name.size() - std::string_view(kArrayEnding).size());
    names_.push_back(std::move(name));
  }
}

NpzFile::~NpzFile() = default;

void NpzFile::fail(const std::string& name, const std::string& what) const {
  throw UserError({path_}, "array '" + name + "' " + what);
}

bool NpzFile::has(const std::string& name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

std::string NpzFile::bytes_of(const std::string& name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) fail(name, "is missing");
  const auto index = static_cast<zip_uint64_t>(found - names_.begin());
  auto* zip = archive_->zip.get();
  const std::unique_ptr<zip_file_t, CloseZipEntry> entry(zip_fopen_index(zip, index, 0));
  if (!entry) fail(name, std::string("cannot be read (") + zip_strerror(zip) + ")");
  std::string bytes;
  // The archive says how many bytes there are, but may be wrong.
  constexpr std::size_t kPortion = std::size_t{1} << 20;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kPortion);
    const auto read = zip_fread(entry.get(), bytes.data() + before, kPortion);
    if (read < 0)
      fail(name, std::string("cannot be read (") + zip_file_strerror(entry.get()) + ")");
    bytes.resize(before + static_cast<std::size_t>(read));
    if (read == 0) return bytes;
  }
}

torch::Tensor NpzFile::tensor(const std::string& name) const {
  const auto bytes = bytes_of(name);
  try {
    const auto header = read_npy_header(bytes);
    const auto array = npy_numbers(header, bytes);
    auto shape = array.shape;
    if (header.fortran_order) std::reverse(shape.begin(), shape.end());
    auto tensor = torch::empty(shape, torch::kFloat32);
    copy_numbers(array, tensor.data_ptr<float>());
    return header.fortran_order ? in_c_order(tensor) : tensor;
  } catch (const FormatError& error) {
    fail(name, error.what());
  }
}

std::string NpzFile::text(const std::string& name) const {
  const auto bytes = bytes_of(name);
  try {
    const auto header = read_npy_header(bytes);
    const char kind = header.type[1];
    const bool is_text =
        kind == 'S' || header.type.substr(1) == "i1" || header.type.substr(1) == "u1";
    if (!is_text) fail(name, "holds '" + header.type + "'; expected bytes of text");
    const auto text = bytes.substr(header.begin);
    return text.substr(0, text.find('\0'));
  } catch (const FormatError& error) {
    fail(name, error.what());
  }
}

std::string format_npz(const NpzContents& contents) {
  std::map<std::string, std::string> files;
  for (const auto& [name, tensor] : contents.tensors) {
    const auto numbers = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
    files[name + kArrayEnding] =
        npy_bytes("<f4", numbers.sizes().vec(),
                  {static_cast<const char*>(numbers.data_ptr()), numbers.nbytes()});
  }
  for (const auto& [name, text] : contents.texts)
    files[name + kArrayEnding] =
        npy_bytes("|i1", {static_cast<int64_t>(text.size()) + 1}, {text.c_str(), text.size() + 1});
  zip_error_t error;
  zip_error_init(&error);
  const ZipSource out(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!out) throw std::runtime_error("libzip: " + message_of(error));
  zip_source_keep(out.get());  // closing the archive frees it once
  zip_t* archive = zip_open_from_source(out.get(), ZIP_TRUNCATE, &error);
  if (archive == nullptr) throw std::runtime_error("libzip: " + message_of(error));
  std::unique_ptr<zip_t, CloseZip> guard(archive);
  for (const auto& [name, bytes] : files) add_file(archive, name, bytes);
  if (zip_close(archive) != 0)
    throw std::runtime_error(std::string("libzip: ") + zip_strerror(archive));
  guard.release();
  return written_bytes(out.get());
}

}  // namespace weft
