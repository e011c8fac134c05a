// Files in the binary. The folder is that of this file (PATCHBAY_MODELS_DIR, CMakeLists.txt).
#pragma once

// The assembler takes them into the read-only data as they are; a string literal of their size
// would cost the compiler seconds.
#define EMBED(symbol, file)                                     \
    __asm__(                                                    \
        ".pushsection .rodata\n"                                \
        ".local " symbol "_begin, " symbol "_end\n" symbol      \
        "_begin:\n"                                             \
        ".incbin \"" PATCHBAY_MODELS_DIR "/" file "\"\n" symbol \
        "_end:\n"                                               \
        ".popsection\n")
