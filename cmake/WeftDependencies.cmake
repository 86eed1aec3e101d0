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
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)  # names of contents in caches (libxxhash-dev)

# Pictures and sound. The decoders of the formats themselves instead of OpenCV: they say exactly what is wrong with a file
# and nothing on stderr, and a tenth of their size is enough for LibTorch from elsewhere, which brings no OpenCV.
pkg_check_modules(TURBOJPEG IMPORTED_TARGET libturbojpeg)  # JPEG (libturbojpeg0-dev)
find_package(PNG)                                          # PNG, and drawing it (libpng-dev)
pkg_check_modules(WEBP IMPORTED_TARGET libwebp)            # WebP (libwebp-dev)
pkg_check_modules(SNDFILE IMPORTED_TARGET sndfile)         # WAV, FLAC, Ogg, MP3 (libsndfile1-dev)
pkg_check_modules(SOXR IMPORTED_TARGET soxr)               # other sample rates (libsoxr-dev)
pkg_check_modules(KISSFFT IMPORTED_TARGET kissfft-float)   # spectra (libkissfft-dev)
set(weft_media_packages "")
foreach(pair TURBOJPEG:libturbojpeg0-dev PNG:libpng-dev WEBP:libwebp-dev SNDFILE:libsndfile1-dev SOXR:libsoxr-dev
             KISSFFT:libkissfft-dev)
  string(REPLACE ":" ";" pair ${pair})
  list(GET pair 0 library)
  if(NOT ${library}_FOUND)
    list(GET pair 1 package)
    list(APPEND weft_media_packages ${package})
  endif()
endforeach()
list(JOIN weft_media_packages " " weft_media_packages)
set(weft_media_default ON)
if(weft_media_packages)
  set(weft_media_default OFF)
  message(STATUS "Pictures and sound: off, for want of ${weft_media_packages}")
endif()
option(WEFT_MEDIA "Read pictures and sound; OFF: text and features alone" ${weft_media_default})
if(WEFT_MEDIA AND weft_media_packages)
  message(FATAL_ERROR "WEFT_MEDIA needs ${weft_media_packages}")
elseif(NOT WEFT_MEDIA AND NOT weft_media_packages)
  set(weft_media_packages "nothing, but turn WEFT_MEDIA on")
endif()

# HTTP (src/serve). Boost.Beast rather than cpp-httplib, which gives every open connection a thread of its own and no limit
# on the time a request takes as a whole, so that slow clients hold the threads; and rather than Drogon, a framework with
# libraries and threads of its own. Headers alone: libboost-dev.
find_path(BOOST_BEAST_INCLUDE_DIR boost/beast/http.hpp)
set(weft_serve_packages "")
set(weft_serve_default ON)
if(NOT BOOST_BEAST_INCLUDE_DIR)
  set(weft_serve_packages libboost-dev)
  set(weft_serve_default OFF)
  message(STATUS "weft serve: off, for want of ${weft_serve_packages}")
endif()
option(WEFT_SERVE "Build the server; OFF: `weft serve` says that it is missing" ${weft_serve_default})
if(WEFT_SERVE AND weft_serve_packages)
  message(FATAL_ERROR "WEFT_SERVE needs ${weft_serve_packages}")
elseif(NOT WEFT_SERVE AND NOT weft_serve_packages)
  set(weft_serve_packages "nothing, but turn WEFT_SERVE on")
endif()

pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)  # models of other toolkits, .npz
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

# Processes that train together are connected by LibTorch's own engine, c10d, whose headers read those of Gloo, its way over
# TCP; LibTorch brings the library, Debian's without the headers (libgloo-dev). What LibTorch was built with it says in its
# targets. NCCL, for GPUs, likewise.
get_target_property(weft_torch_definitions torch_cpu INTERFACE_COMPILE_DEFINITIONS)
get_target_property(weft_torch_more torch INTERFACE_COMPILE_DEFINITIONS)
list(APPEND weft_torch_definitions ${weft_torch_more})
find_path(GLOO_INCLUDE_DIR gloo/algorithm.h HINTS ${TORCH_INSTALL_PREFIX}/include)
find_path(NCCL_INCLUDE_DIR nccl.h HINTS ${TORCH_INSTALL_PREFIX}/include ${CUDA_TOOLKIT_ROOT_DIR}/include)
set(WEFT_DISTRIBUTED OFF)
set(WEFT_NCCL OFF)
if("USE_C10D_GLOO" IN_LIST weft_torch_definitions AND GLOO_INCLUDE_DIR)
  set(WEFT_DISTRIBUTED ON)
  if("USE_C10D_NCCL" IN_LIST weft_torch_definitions AND NCCL_INCLUDE_DIR)
    set(WEFT_NCCL ON)
  endif()
else()
  message(STATUS "Training in several processes: off, for want of c10d with Gloo in LibTorch, or of Gloo's headers (libgloo-dev)")
endif()

# oneDNN: matrix products with packed weights (src/kernels). Debian's CMake config for it demands OpenCL's development
# files, which nothing here uses, so the library is looked up by itself. Optional: upstream LibTorch has its own inside.
find_path(DNNL_INCLUDE_DIR dnnl.hpp)
find_library(DNNL_LIBRARY dnnl)
if(DNNL_INCLUDE_DIR AND DNNL_LIBRARY)
  add_library(DNNL::dnnl SHARED IMPORTED)
  set_target_properties(DNNL::dnnl PROPERTIES IMPORTED_LOCATION ${DNNL_LIBRARY}
                                              INTERFACE_INCLUDE_DIRECTORIES ${DNNL_INCLUDE_DIR})
endif()
