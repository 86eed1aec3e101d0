# Helpers for the project's own targets: one static library per folder of src, one test program per folder of tests.

# One -fPIC for libraries and programs alike: GCC only takes a precompiled header made with the same flags.
add_compile_options(-fPIC)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")  # so that ccache may give a precompiled header back
endif()

# Compiler settings every target of ours shares. -Wconversion is GCC's, without signs, for Clang too.
function(weft_compile_settings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion)
  if(WEFT_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # GCC 12's <algorithm> sorts with a function that it has deprecated itself.
    target_compile_options(${target} PRIVATE -Wno-deprecated-declarations)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    # False alarms in std::vector<bool>::reserve, which LibTorch's autograd functions inline (GCC bug 110498).
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-stringop-overflow)
  endif()
  if(WEFT_SANITIZE)
    set(sanitizers address,undefined)
    if(WEFT_SANITIZE STREQUAL "thread")
      set(sanitizers thread)
    endif()
    target_compile_options(${target} PRIVATE -fsanitize=${sanitizers} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # GCC's manual: with -fsanitize this warning comes without cause (here inside <regex>). Nor does it see then, without
      # optimisation, that a function ends in a TORCH_CHECK(false), which never returns; builds without sanitizers do see it.
      target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized -Wno-return-type)
    endif()
    target_link_options(${target} PRIVATE -fsanitize=${sanitizers})
  endif()
endfunction()

# weft_library(NAME SOURCES a.cpp ... LINKS weft::base ...): the folder's library, as weft::NAME.
function(weft_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_library(weft_${name} STATIC ${ARG_SOURCES})
  add_library(weft::${name} ALIAS weft_${name})
  target_include_directories(weft_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(weft_${name} PUBLIC ${ARG_LINKS})
  weft_compile_settings(weft_${name})
endfunction()

# weft_embed(VARIABLE HEADER FILE [FILE...]): the source text VARIABLE.cpp of this folder, with what the first file holds, as HEADER
# declares it; the others are those that it includes (WeftEmbed.cmake).
function(weft_embed variable header file)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${variable}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/${file} -DOUTPUT=${output} -DVARIABLE=${variable} -DHEADER=${header}
            -P ${CMAKE_SOURCE_DIR}/cmake/WeftEmbed.cmake
    DEPENDS ${file} ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/WeftEmbed.cmake
    VERBATIM COMMENT "Embedding ${file}")
  set_source_files_properties(${output} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# Compiler settings of tests. They need no optimisation, and are as fast to run without it: the work is done in src. GCC 12
# takes the precompiled header of src, made at -O3, at -O1; GCC 13 at -O2, but no more at -O1.
function(weft_test_settings target)
  weft_compile_settings(${target})
  if(WEFT_SANITIZE STREQUAL "address")
    # What these tell of a test, AddressSanitizer tells too, and they take a third of the time to compile one.
    target_compile_options(${target} PRIVATE -fno-sanitize=null,alignment,pointer-overflow,vptr)
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(${target} PRIVATE -O0)
  elseif(NOT WEFT_SANITIZE AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    target_compile_options(${target} PRIVATE -O2)
  elseif(NOT WEFT_SANITIZE)
    target_compile_options(${target} PRIVATE -O1)
  endif()
endfunction()

# Gives a test program without LibTorch the precompiled header that these programs share.
function(weft_precompile_test target)
  if(NOT TARGET weft_test_pch)
    file(WRITE ${CMAKE_BINARY_DIR}/pch/test_pch.cpp "// Carries the precompiled header of the tests.\n")
    add_library(weft_test_pch STATIC ${CMAKE_BINARY_DIR}/pch/test_pch.cpp)
    target_link_libraries(weft_test_pch PRIVATE GTest::gmock nlohmann_json::nlohmann_json)
    weft_test_settings(weft_test_pch)
    target_precompile_headers(weft_test_pch PRIVATE <gmock/gmock.h> <gtest/gtest.h> <nlohmann/json.hpp> <algorithm> <cmath>
                                                    <cstdint> <filesystem> <fstream> <functional> <memory> <optional> <random>
                                                    <sstream> <string> <vector>)
  endif()
  target_precompile_headers(${target} REUSE_FROM weft_test_pch)
endfunction()

# weft_test(NAME SOURCES a_test.cpp ... LINKS weft::x ... [LABEL unit] [TOGETHER [AVX2_TOO]] [OPTIMISED_TOO]): one GoogleTest
# program, NAME_test. ctest starts it once per test, or, TOGETHER, once for all: for programs with LibTorch, which takes longer to
# load than most tests. Then reports/NAME.xml has the result of each. AVX2_TOO: once more as on a processor with AVX2 alone.
# What does without LibTorch is run under the sanitizers, and not once more without them, which would cost a minute to compile;
# by hand, `ninja -C build NAME_test` makes it there too. OPTIMISED_TOO: it is, because its numbers depend on how it is compiled.
function(weft_test name)
  cmake_parse_arguments(ARG "TOGETHER;AVX2_TOO;OPTIMISED_TOO" "LABEL" "SOURCES;LINKS" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  add_executable(${name}_test ${ARG_SOURCES})
  target_link_libraries(${name}_test PRIVATE ${ARG_LINKS} GTest::gmock GTest::gtest_main)
  target_include_directories(${name}_test PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name}_test PRIVATE WEFT_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data"
                                                  WEFT_GOLDEN="${CMAKE_SOURCE_DIR}/tests/golden")
  weft_test_settings(${name}_test)
  if(NOT WEFT_SANITIZE AND NOT ARG_TOGETHER AND NOT ARG_OPTIMISED_TOO)
    weft_precompile_test(${name}_test)
    set_target_properties(${name}_test PROPERTIES EXCLUDE_FROM_ALL TRUE)
    return()
  endif()
  add_dependencies(weft_tests ${name}_test)
  if(ARG_TOGETHER)
    weft_precompile_torch_test(${name}_test)
    add_test(NAME ${name} COMMAND ${name}_test --gtest_output=xml:${CMAKE_BINARY_DIR}/reports/${name}.xml)
    set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} COST 10)  # begins before the short ones
    if(ARG_AVX2_TOO AND TARGET DNNL::dnnl)
      add_test(NAME ${name}_avx2 COMMAND ${name}_test --gtest_output=xml:${CMAKE_BINARY_DIR}/reports/${name}_avx2.xml)
      set_tests_properties(${name}_avx2 PROPERTIES LABELS ${ARG_LABEL} COST 10 ENVIRONMENT ONEDNN_MAX_CPU_ISA=AVX2)
    endif()
  else()
    weft_precompile_test(${name}_test)
    gtest_discover_tests(${name}_test PROPERTIES LABELS ${ARG_LABEL} DISCOVERY_TIMEOUT 60)
  endif()
endfunction()

# weft_make_pch(NAME): a target that carries a precompiled header of LibTorch's headers.
function(weft_make_pch name)
  file(WRITE ${CMAKE_BINARY_DIR}/pch/${name}.cpp "// Carries the precompiled header.\n")
  add_library(${name} STATIC ${CMAKE_BINARY_DIR}/pch/${name}.cpp)
  target_link_libraries(${name} PRIVATE weft::torch)
  # The parts of <torch/torch.h> that the blocks use: whole, it takes half as long again in every file. <ATen/core/ivalue.h>
  # first: Clang with GCC 12's std::vector needs c10::IValue whole where the others only declare it.
  target_precompile_headers(${name} PRIVATE <ATen/core/ivalue.h> <torch/types.h> <torch/utils.h> <torch/autograd.h> <torch/nn/module.h>
                                            <torch/nn/pimpl.h> <torch/nn/init.h> <algorithm> <cstdint> <filesystem>
                                            <memory> <optional> <string> <unordered_map> <vector> ${ARGN})
endfunction()

# Gives a target of src or tools that uses LibTorch the precompiled header that these share.
function(weft_precompile target)
  if(NOT TARGET weft_pch)
    weft_make_pch(weft_pch)
    weft_compile_settings(weft_pch)
  endif()
  target_precompile_headers(${target} REUSE_FROM weft_pch)
endfunction()

# The same for test programs: Clang takes no header that was made with optimisation where there is none.
function(weft_precompile_torch_test target)
  if(WEFT_SANITIZE OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    weft_precompile(${target})
    return()
  endif()
  if(NOT TARGET weft_torch_test_pch)
    weft_make_pch(weft_torch_test_pch <gmock/gmock.h> <gtest/gtest.h>)
    target_link_libraries(weft_torch_test_pch PRIVATE GTest::gmock)
    weft_test_settings(weft_torch_test_pch)
  endif()
  target_precompile_headers(${target} REUSE_FROM weft_torch_test_pch)
endfunction()
