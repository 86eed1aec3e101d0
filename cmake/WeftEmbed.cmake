# Run by src/serve/CMakeLists.txt: writes OUTPUT, in which VARIABLE (serve/embedded.h) is what the file INPUT holds.
file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
file(WRITE ${OUTPUT}
"#include \"serve/embedded.h\"
namespace weft {
static constexpr char bytes[] = {${bytes}};
constexpr std::string_view ${VARIABLE}{bytes, sizeof bytes};
}  // namespace weft
")
