/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_NAME [-seconds=S] [-seed=N] SEED...: runs a target on each seed (files, or all files of a folder) and then on
 * seeds changed at random. Ends with 0; a finding is a crash, a sanitizer's report or an input that takes longer than
 * 30 seconds, and the input is then in crash-input. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

enum { MAX_SEEDS = 4000, MAX_BYTES = 1 << 20 };

typedef struct seed {
    uint8_t *bytes;
    size_t n;
} seed;

static seed seeds[MAX_SEEDS];
static size_t n_seeds;
static uint8_t input[MAX_BYTES];
static size_t n_input;
static uint64_t state = 1;

static size_t draw(size_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return below ? (size_t)(state % below) : 0;
}

static void keep_input(int signal_number)
{
    int fd = open("crash-input", O_WRONLY | O_CREAT | O_TRUNC, 0600);

    if (fd >= 0 && write(fd, input, n_input) >= 0) {
        close(fd);
    }
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void add_seeds(const char *path)
{
    struct stat about;
    FILE *file;

    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) {
        DIR *d = opendir(path);
        struct dirent *entry;
        while (d && (entry = readdir(d))) {
            char below[4096];
            if (entry->d_name[0] != '.') {
                snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
                add_seeds(below);
            }
        }
        closedir(d);
        return;
    }
    file = fopen(path, "rb");
    if (!file || n_seeds == MAX_SEEDS) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(2);
    }
    seeds[n_seeds].bytes = malloc(MAX_BYTES);
    seeds[n_seeds].n = fread(seeds[n_seeds].bytes, 1, MAX_BYTES, file);
    n_seeds++;
    fclose(file);
}

/* Puts n bytes in the place of `gone` bytes at `at`. */
static void replace(size_t at, size_t gone, const void *bytes, size_t n)
{
    if (n_input - gone + n > MAX_BYTES) {
        return;
    }
    memmove(input + at + n, input + at + gone, n_input - at - gone);
    memcpy(input + at, bytes, n);
    n_input += n - gone;
}

static void change(void)
{
    static const char *const words[] = {"nan",
                                        "-nan",
                                        "inf",
                                        "1e999",
                                        "-1e-320",
                                        "0x1p9",
                                        "1e-400",
                                        "-0",
                                        "18446744073709551616",
                                        "99999999999",
                                        "-1",
                                        "0",
                                        "1,5",
                                        "1.5.",
                                        "%",
                                        "\xff",
                                        "\xef\xbb\xbf",
                                        "\r",
                                        "\n",
                                        "\"",
                                        ",",
                                        ",,",
                                        "{",
                                        "}",
                                        "[",
                                        "]",
                                        ": ",
                                        "- ",
                                        "? ",
                                        "&a",
                                        "*a",
                                        "!t",
                                        "|\n",
                                        ">\n",
                                        "#",
                                        "..",
                                        "/",
                                        "~",
                                        "null",
                                        "true",
                                        "\t",
                                        "both",
                                        "whole",
                                        "use",
                                        "layers",
                                        "2400",
                                        "1899",
                                        "all",
                                        "regions.csv",
                                        "../x.yaml"};
    static uint8_t piece[MAX_BYTES];
    size_t at = draw(n_input + 1), n;

    switch (draw(7)) {
    case 0: /* a bit */
        if (n_input) {
            input[draw(n_input)] ^= (uint8_t)(1u << draw(8));
        }
        break;
    case 1: /* a byte */
        if (n_input) {
            input[draw(n_input)] = (uint8_t)draw(256);
        }
        break;
    case 2: /* something left out */
        n = draw(n_input - at < 64 ? n_input - at + 1 : 64);
        replace(at, n, "", 0);
        break;
    case 3: /* a word */
    case 4: {
        const char *word = words[draw(sizeof words / sizeof *words)];
        n = draw(n_input - at < 8 ? n_input - at + 1 : 8);
        replace(at, draw(2) ? n : 0, word, strlen(word));
        break;
    }
    case 5: /* a piece twice */
        n = draw(n_input - at < 400 ? n_input - at + 1 : 400);
        memcpy(piece, input + at, n);
        replace(draw(n_input + 1), 0, piece, n);
        break;
    default: { /* a piece of another seed */
        const seed *other = &seeds[draw(n_seeds)];
        size_t from = draw(other->n + 1);
        n = draw(other->n - from < 400 ? other->n - from + 1 : 400);
        replace(at, draw(2) ? draw(n_input - at + 1) : 0, other->bytes + from, n);
    }
    }
}

int main(int argc, char **argv)
{
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM};
    double seconds = 0;
    unsigned long runs = 0;
    time_t begin;

    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "-seconds=", 9) == 0) {
            seconds = atof(argv[i] + 9);
        } else if (strncmp(argv[i], "-seed=", 6) == 0) {
            state = strtoull(argv[i] + 6, NULL, 10) * 2 + 1;
        } else {
            add_seeds(argv[i]);
        }
    }
    if (n_seeds == 0) {
        fprintf(stderr, "no seed was given\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) {
        signal(fatal[i], keep_input);
    }
    begin = time(NULL);
    for (; runs < n_seeds || difftime(time(NULL), begin) < seconds; runs++) {
        const seed *s = &seeds[runs < n_seeds ? runs : draw(n_seeds)];
        memcpy(input, s->bytes, s->n);
        n_input = s->n;
        for (size_t k = runs < n_seeds ? 0 : 1 + draw(6); k > 0; k--) {
            change();
        }
        alarm(30);
        LLVMFuzzerTestOneInput(input, n_input);
        alarm(0);
    }
    printf("%zu seeds, %lu inputs, no finding\n", n_seeds, runs);
    return 0;
}
