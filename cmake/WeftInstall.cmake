# What `cmake --install` puts where Debian expects it (the program, one library with its headers and CMake package, the
# presets, the manual page, completion for bash), and the Debian package that `cpack -G DEB` makes of it.

# Debian's place for libraries, under any prefix.
if(CMAKE_LIBRARY_ARCHITECTURE AND EXISTS /etc/debian_version)
  set(CMAKE_INSTALL_LIBDIR lib/${CMAKE_LIBRARY_ARCHITECTURE} CACHE PATH "Where libraries are installed")
endif()
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Headers of the installed library. None of them, nor what they include, needs LibTorch.
set(weft_public_headers
    align/alignment_error_rate.h align/alignment_matrix.h align/links.h align/pharaoh.h align/renderer.h align/text_renderer.h
    base/cancelled.h base/enum_names.h base/error.h base/span.h base/version.h base/words.h
    config/checks.h config/config.h config/config_reader.h config/data_options.h config/item_options.h config/media_options.h config/model_options.h config/training_options.h
    metrics/bleu.h metrics/chrf.h metrics/metric_tokenizer.h
    search/alignment_options.h search/line_constraints.h search/sampling_options.h search/source_place.h search/translator.h
    text/source_factors.h text/vocabulary.h text/vocabulary_factory.h)

# The library: all folders of src in one. Only Weft's own names are visible (weft.map), so that the libraries inlined into
# it cannot clash with those of its user.
set(weft_folders base align metrics config media text corpus data kernel_rows kernels ops nn safetensors model search train)
foreach(folder ${weft_folders})
  list(APPEND weft_objects $<TARGET_OBJECTS:weft_${folder}>)
endforeach()
add_library(weft_shared SHARED ${weft_objects})
target_link_libraries(weft_shared PRIVATE weft::train weft::media)  # for the libraries of others; of ours nothing is missing any more
target_link_options(weft_shared PRIVATE LINKER:--version-script=${CMAKE_CURRENT_LIST_DIR}/weft.map)
set_target_properties(weft_shared PROPERTIES LINKER_LANGUAGE CXX
  OUTPUT_NAME weft EXPORT_NAME weft VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
  LINK_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/weft.map INSTALL_RPATH "$ORIGIN/weft")
target_compile_features(weft_shared INTERFACE cxx_std_20)
target_include_directories(weft_shared INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
set_target_properties(weft PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}/weft")
set_target_properties(weft_models weft_translate PROPERTIES INSTALL_RPATH "$ORIGIN")

install(TARGETS weft RUNTIME)
install(TARGETS weft_models weft_translate LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/weft)
install(TARGETS weft_shared EXPORT weft LIBRARY)
if(WEFT_SENTENCEPIECE STREQUAL "module")
  install(TARGETS weft_sentencepiece LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/weft)
endif()

# In the source tree a header is "search/translator.h"; installed, it is "weft/search/translator.h".
foreach(header ${weft_public_headers})
  file(READ ${CMAKE_SOURCE_DIR}/src/${header} text)
  string(REGEX REPLACE "#include \"([a-z_]+/)" "#include \"weft/\\1" text "${text}")
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/library/include/weft/${header} CONTENT "${text}" @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${header})
endforeach()
install(DIRECTORY ${CMAKE_BINARY_DIR}/library/include/weft DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(weft_package ${CMAKE_INSTALL_LIBDIR}/cmake/weft)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/library/weft-config.cmake
     CONTENT "include(\${CMAKE_CURRENT_LIST_DIR}/weft-targets.cmake)\n" @ONLY)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/library/weft-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/library/weft-config.cmake ${CMAKE_BINARY_DIR}/library/weft-config-version.cmake
        DESTINATION ${weft_package})
install(EXPORT weft FILE weft-targets.cmake NAMESPACE weft:: DESTINATION ${weft_package})

# The program writes its own manual page and completion, from its options.
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/library/weft.1.gz ${CMAKE_BINARY_DIR}/library/weft.bash
  COMMAND weft --man-page | gzip -9n > ${CMAKE_BINARY_DIR}/library/weft.1.gz
  COMMAND weft --bash-completion > ${CMAKE_BINARY_DIR}/library/weft.bash
  DEPENDS weft VERBATIM COMMENT "Writing the manual page and the completion for bash")
add_custom_target(weft_documents ALL DEPENDS ${CMAKE_BINARY_DIR}/library/weft.1.gz ${CMAKE_BINARY_DIR}/library/weft.bash)
install(FILES ${CMAKE_BINARY_DIR}/library/weft.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${CMAKE_BINARY_DIR}/library/weft.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME weft)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/configs DESTINATION ${CMAKE_INSTALL_DATADIR}/weft)
install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The developers of Weft <weft@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "neural machine translation with attention you can read")
set(CPACK_PACKAGE_DESCRIPTION "Trains recurrent encoder-decoders with attention, translates text with them, and shows which
source words every target word looked at. A program and a library for C++.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_BINARY_DIR})
# LibTorch is content with the reference BLAS, which is very slow.
set(CPACK_DEBIAN_PACKAGE_DEPENDS libopenblas0-openmp)
include(CPack)
