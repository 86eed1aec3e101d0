#include "align/svg_png.h"

#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "base/error.h"

namespace weft {
namespace {

/// As rsvg.h has it.
struct RsvgRectangle {
  double x, y, width, height;
};

constexpr int kCairoArgb32 = 0;
constexpr int kCairoSuccess = 0;
constexpr double kMostPixels = 16000;  // of a side

/// What is used of librsvg (from version 2.52 on) and of the libraries that it brings along; their
/// C interfaces are stable. Without their headers, a build needs none of their thirty packages.
class Rsvg {
 public:
  static const Rsvg& get() {
    static const Rsvg kLibrary;
    return kLibrary;
  }

  void* (*handle_from_data)(const unsigned char*, std::size_t, void** error);
  int (*intrinsic_size)(void* handle, double* width, double* height);
  int (*render)(void* handle, void* cairo, const RsvgRectangle*, void** error);
  void (*unref)(void*);
  void* (*create_surface)(int format, int width, int height);
  int (*surface_status)(void*);
  void (*destroy_surface)(void*);
  void* (*create_cairo)(void* surface);
  void (*destroy_cairo)(void*);
  int (*write_png)(void* surface, int (*write)(void*, const unsigned char*, unsigned), void*);

 private:
  Rsvg() {
    void* library = ::dlopen("librsvg-2.so.2", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
      throw UserError(
          "pictures as PNG need librsvg, which is not here (Debian: librsvg2-2); "
          "expected it, or svg for the format");
    const auto find = [library](auto& function, const char* name) {
      function = reinterpret_cast<std::decay_t<decltype(function)>>(::dlsym(library, name));
      if (function == nullptr)
        throw UserError("pictures as PNG need librsvg 2.52 or later; the one here has no " +
                        std::string(name));
    };
    find(handle_from_data, "rsvg_handle_new_from_data");
    find(intrinsic_size, "rsvg_handle_get_intrinsic_size_in_pixels");
    find(render, "rsvg_handle_render_document");
    find(unref, "g_object_unref");
    find(create_surface, "cairo_image_surface_create");
    find(surface_status, "cairo_surface_status");
    find(destroy_surface, "cairo_surface_destroy");
    find(create_cairo, "cairo_create");
    find(destroy_cairo, "cairo_destroy");
    find(write_png, "cairo_surface_write_to_png_stream");
  }
};

using Owned = std::unique_ptr<void, void (*)(void*)>;

int append(void* bytes, const unsigned char* data, unsigned length) {
  static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), length);
  return kCairoSuccess;
}

}  // namespace

std::string svg_to_png(std::string_view svg, double scale) {
  const auto& rsvg = Rsvg::get();
  const Owned handle(rsvg.handle_from_data(reinterpret_cast<const unsigned char*>(svg.data()),
                                           svg.size(), nullptr),
                     rsvg.unref);
  double width = 0, height = 0;
  if (handle == nullptr || rsvg.intrinsic_size(handle.get(), &width, &height) == 0)
    throw std::invalid_argument("the picture is no SVG with a size");
  const double factor = std::min(scale, kMostPixels / std::max(width, height));
  const RsvgRectangle all{0, 0, std::ceil(width * factor), std::ceil(height * factor)};
  const Owned surface(
      rsvg.create_surface(kCairoArgb32, static_cast<int>(all.width), static_cast<int>(all.height)),
      rsvg.destroy_surface);
  const Owned cairo(rsvg.create_cairo(surface.get()), rsvg.destroy_cairo);
  std::string png;
  if (rsvg.render(handle.get(), cairo.get(), &all, nullptr) == 0 ||
      rsvg.surface_status(surface.get()) != kCairoSuccess ||
      rsvg.write_png(surface.get(), append, &png) != kCairoSuccess)
    throw std::runtime_error("a picture could not be drawn");
  return png;
}

}  // namespace weft
