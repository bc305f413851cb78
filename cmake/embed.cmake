# SPDX-License-Identifier: GPL-3.0-or-later
# Builds files into the library as arrays of characters.
#   as a module:  poolcast_embed(OUTPUT.c NAME FILE...)  one array NAME with the files one after the other
#   as a script:  cmake -DOUTPUT=... -DNAME=... -DFILES=a|b -P embed.cmake
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  string(REPLACE "|" ";" FILES "${FILES}")
  set(bytes "")
  foreach(file IN LISTS FILES)
    file(READ "${file}" hex HEX)
    string(APPEND bytes "${hex}")
  endforeach()
  string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  file(WRITE "${OUTPUT}" "/* Made by cmake/embed.cmake. */\nextern const unsigned char ${NAME}[];\nconst unsigned char ${NAME}[] = {\n${bytes}0};\n")
  return()
endif()

set(poolcast_embed_script ${CMAKE_CURRENT_LIST_FILE})
function(poolcast_embed output name)
  string(REPLACE ";" "|" files "${ARGN}")
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAME=${name} "-DFILES=${files}" -P ${poolcast_embed_script}
    DEPENDS ${ARGN} ${poolcast_embed_script} COMMENT "Embedding ${name}" VERBATIM)
endfunction()
