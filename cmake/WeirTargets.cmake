# weir_library(name SOURCES ... LINKS ... PRIVATE_LINKS ...): the one library of a folder.
function(weir_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(weir_${name} STATIC ${ARG_SOURCES})
  add_library(weir::${name} ALIAS weir_${name})
  set_target_properties(weir_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(weir_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/weir>)
  target_compile_features(weir_${name} PUBLIC cxx_std_20)
  target_link_libraries(weir_${name} PUBLIC ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
  weir_warnings(weir_${name})
  weir_precompiled_headers(weir_${name} REUSE_FROM weir_headers)
endfunction()

function(weir_warnings target)
  # Reported wrongly by GCC 12: -Wrestrict and -Warray-bounds for "text" + std::string (GCC bug 105651), and
  # at -O3 -Wstringop-overflow for fmt::join and -Wmaybe-uninitialized for optional structs of strings.
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
    -Wno-missing-field-initializers "$<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow;-Wno-maybe-uninitialized>" $<$<BOOL:${WEIR_WERROR}>:-Werror>)
endfunction()

# weir_precompiled_headers(target PRIVATE HEADERS... | REUSE_FROM other): large headers that most files of the
# target include anyway. Files still include what they use: -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON
# must build too.
function(weir_precompiled_headers target)
  target_precompile_headers(${target} ${ARGN})
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)  # for ccache
endfunction()

# What most files of the libraries include anyway: a third of the time that they took to compile. Files with options of
# their own do without (SKIP_PRECOMPILE_HEADERS).
add_library(weir_headers OBJECT ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
set_target_properties(weir_headers PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_link_libraries(weir_headers PRIVATE fmt::fmt)
weir_warnings(weir_headers)
weir_precompiled_headers(weir_headers PRIVATE
  <algorithm> <array> <cmath> <filesystem> <functional> <map> <memory> <numeric> <optional> <span>
  <string> <vector> <fmt/core.h>)
