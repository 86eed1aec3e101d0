# Every library Weft uses, and why. All come from Debian's packages (recipes/install-dependencies.sh).

find_package(Threads REQUIRED)
find_package(spdlog REQUIRED)         # logging to stderr
find_package(ZLIB REQUIRED)           # corpora in .gz
find_package(PkgConfig REQUIRED)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)  # corpora in .zst
find_package(ICU REQUIRED COMPONENTS uc i18n)  # Unicode: display width, word breaks, character classes
find_package(nlohmann_json REQUIRED)  # JSON Lines, safetensors headers
find_package(CLI11 REQUIRED)          # command lines
if(NOT WEFT_MODELS)
  return()
endif()
find_package(yaml-cpp REQUIRED)       # configs
find_package(Torch REQUIRED)          # tensors, autograd, modules; weft::torch below
if(WEFT_BUILD_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()
if(WEFT_BUILD_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()

# weft::torch: LibTorch as one target. Its headers take 8 s and 1 GB to parse in every file, so targets that use it
# also call weft_precompile(), which shares one precompiled header between all of them.
add_library(weft_torch INTERFACE)
add_library(weft::torch ALIAS weft_torch)
# The C++ library first: upstream's libtorch.so shows parts of an older one, with which std::filesystem ends in a crash.
target_link_libraries(weft_torch INTERFACE stdc++ ${TORCH_LIBRARIES})

# oneDNN: matrix products with packed weights (src/kernels). Debian's CMake config for it demands OpenCL's development
# files, which nothing here uses, so the library is looked up by itself. Optional: upstream LibTorch has its own inside.
find_path(DNNL_INCLUDE_DIR dnnl.hpp)
find_library(DNNL_LIBRARY dnnl)
if(DNNL_INCLUDE_DIR AND DNNL_LIBRARY)
  add_library(DNNL::dnnl SHARED IMPORTED)
  set_target_properties(DNNL::dnnl PROPERTIES IMPORTED_LOCATION ${DNNL_LIBRARY}
                                              INTERFACE_INCLUDE_DIRECTORIES ${DNNL_INCLUDE_DIR})
endif()
