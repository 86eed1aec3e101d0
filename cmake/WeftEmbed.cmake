# Run by weft_embed(): writes OUTPUT, in which VARIABLE, which HEADER declares, is what the file INPUT holds. A line
# "<!-- include FILE -->" stands for that file, which is named as seen from INPUT's folder.
file(READ ${INPUT} text)
get_filename_component(folder ${INPUT} DIRECTORY)
while(text MATCHES "<!-- include ([^ ]+) -->\n")
  file(READ ${folder}/${CMAKE_MATCH_1} part)
  string(REPLACE "${CMAKE_MATCH_0}" "${part}" text "${text}")
endwhile()
file(WRITE ${OUTPUT}.text "${text}")
file(READ ${OUTPUT}.text bytes HEX)
string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
file(WRITE ${OUTPUT}
"#include \"${HEADER}\"
namespace weft {
static constexpr char bytes[] = {${bytes}};
constexpr std::string_view ${VARIABLE}{bytes, sizeof bytes};
}  // namespace weft
")
