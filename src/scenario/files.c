/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/files.h"

#include <errno.h>
#include <unistd.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "base/sha256.h"
#include "scenario/text.h"

enum { MAX_BYTES = 64 << 20, MAX_FILES = 4096 };

typedef struct shelf {
    pc_file **items; /* in order of first use */
    size_t n, room;
} shelf;

struct pc_files {
    char *folder; /* NULL: memory only */
    char *main;   /* file name of the scenario inside the folder */
    shelf *used;  /* filled through const files: reading on first use does not change what a file holds */
    shelf *kept;  /* put in, not used yet */
};

static void file_free(pc_file *file)
{
    if (file) {
        free(file->name);
        free(file->shown);
        free(file->text);
        free(file);
    }
}

static void shelf_free(shelf *list)
{
    if (list) {
        for (size_t i = 0; i < list->n; i++) {
            file_free(list->items[i]);
        }
        free(list->items);
        free(list);
    }
}

static int shelf_add(shelf *list, pc_file *file)
{
    if (list->n == list->room) {
        size_t room = list->room ? 2 * list->room : 16;
        pc_file **items = realloc(list->items, room * sizeof(pc_file *));
        if (!items) {
            return 0;
        }
        list->items = items;
        list->room = room;
    }
    list->items[list->n++] = file;
    return 1;
}

static pc_file *shelf_find(const shelf *list, const char *name, size_t *index)
{
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->items[i]->name, name) == 0) {
            if (index) {
                *index = i;
            }
            return list->items[i];
        }
    }
    return NULL;
}

pc_files *pc_files_memory(void)
{
    pc_files *files = calloc(1, sizeof *files);

    if (files) {
        files->used = calloc(1, sizeof *files->used);
        files->kept = calloc(1, sizeof *files->kept);
        files->main = strdup("scenario.yaml");
    }
    if (!files || !files->used || !files->kept || !files->main) {
        pc_files_free(files);
        return NULL;
    }
    return files;
}

pc_files *pc_files_open(const char *path, pc_status *status)
{
    struct stat info;
    pc_files *files = NULL;
    const char *slash;

    if (stat(path, &info) != 0) {
        pc_fail(status, PC_ERR_INPUT,
                "%s: found no such scenario (%s), allowed a folder with scenario.yaml or a YAML file", path,
                pc_error_text(errno));
        return NULL;
    }
    files = pc_files_memory();
    if (!files) {
        pc_fail(status, PC_ERR_FAIL, "out of memory");
        return NULL;
    }
    if (S_ISDIR(info.st_mode)) {
        files->folder = strdup(path);
        for (size_t n = files->folder ? strlen(files->folder) : 0; n > 1 && files->folder[n - 1] == '/'; n--) {
            files->folder[n - 1] = 0;
        }
    } else {
        slash = strrchr(path, '/');
        files->folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
        free(files->main);
        files->main = strdup(slash ? slash + 1 : path);
    }
    if (!files->folder || !files->main) {
        pc_files_free(files);
        pc_fail(status, PC_ERR_FAIL, "out of memory");
        return NULL;
    }
    return files;
}

/* A new file that takes over `text`; frees it on failure. */
static pc_file *file_new(const char *name, const char *shown, char *text, size_t size)
{
    pc_file *file = calloc(1, sizeof *file);

    if (!file) {
        free(text);
        return NULL;
    }
    file->text = text;
    file->size = size;
    file->name = strdup(name);
    file->shown = strdup(shown);
    if (!file->name || !file->shown) {
        file_free(file);
        return NULL;
    }
    pc_sha256_hex(text, size, file->sha256);
    return file;
}

pc_code pc_files_put(pc_files *files, const char *name, const char *text, size_t size, pc_status *status)
{
    return pc_files_put_shown(files, name, NULL, text, size, status);
}

pc_code pc_files_put_shown(pc_files *files, const char *name, const char *shown, const char *text, size_t size,
                           pc_status *status)
{
    char plain[1024];
    pc_file *file = NULL;
    char *copy;

    if (!pc_text_join(NULL, name, plain, sizeof plain)) {
        return pc_fail(status, PC_ERR_INPUT,
                       "%s: found a file name outside the scenario, allowed one inside its folder", name);
    }
    if (shelf_find(files->used, plain, NULL) || shelf_find(files->kept, plain, NULL)) {
        return pc_fail(status, PC_ERR_FAIL, "%s: put in twice", plain);
    }
    copy = malloc(size + 1);
    if (copy) {
        memcpy(copy, text, size);
        copy[size] = 0;
        file = file_new(plain, shown ? shown : plain, copy, size);
    }
    if (!file || !shelf_add(files->kept, file)) {
        file_free(file);
        return pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    return PC_OK;
}

static int is_inside(const char *path, const char *folder)
{
    size_t n = strlen(folder);

    return n > 1 && strncmp(path, folder, n) == 0 && path[n] == '/';
}

/* Symbolic links lead no further than names: into the scenario's folder or the one above. */
static pc_code check_links(const pc_files *files, const char *path, pc_status *status)
{
    char *folder = realpath(files->folder, NULL), *real = folder ? realpath(path, NULL) : NULL, *slash, *plain = NULL;
    pc_code code = PC_OK;

    if (!real) { /* opening it says what is wrong */
        goto out;
    }
    slash = strrchr(folder, '/');
    if (is_inside(real, folder)) {
        goto out;
    }
    plain = strndup(folder, slash ? (size_t)(slash - folder) : 0); /* "": the folder lies at the root */
    if (!plain) {
        code = pc_fail(status, PC_ERR_FAIL, "out of memory");
    } else if (!is_inside(real, plain) && (*plain || strchr(real + 1, '/') != strrchr(real, '/'))) {
        code = pc_fail(status, PC_ERR_INPUT,
                       "%s: found a link to %s, allowed one into the scenario's folder or one level above", path, real);
    }
out:
    free(folder);
    free(real);
    free(plain);
    return code;
}

/* Reads a regular file of at most MAX_BYTES; the size may change while we read, so it is only a hint. */
static char *slurp(const char *path, size_t *size, pc_status *status)
{
    struct stat info;
    /* without waiting: a pipe that nobody writes to would wait for ever */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    FILE *stream = fd >= 0 ? fdopen(fd, "rb") : NULL;
    char *text = NULL;
    size_t n = 0, room;

    if (!stream || fstat(fileno(stream), &info) != 0) {
        pc_fail(status, errno == ENOMEM ? PC_ERR_FAIL : PC_ERR_INPUT,
                "%s: found no readable file (%s), allowed a text file", path, pc_error_text(errno));
        goto fail;
    }
    if (!S_ISREG(info.st_mode)) {
        pc_fail(status, PC_ERR_INPUT, "%s: found something that is not a file, allowed a text file", path);
        goto fail;
    }
    room = (size_t)(info.st_size < MAX_BYTES ? info.st_size : MAX_BYTES) + 2;
    text = malloc(room);
    if (!text) {
        pc_fail(status, PC_ERR_FAIL, "%s: out of memory", path);
        goto fail;
    }
    n = fread(text, 1, room - 1, stream);
    if (ferror(stream)) {
        pc_fail(status, PC_ERR_INPUT, "%s: found an error while reading (%s), allowed a readable file", path,
                pc_error_text(errno));
        goto fail;
    }
    if (n == room - 1) {
        pc_fail(status, PC_ERR_INPUT, "%s: found a file that is too large or changes, allowed at most %d MiB", path,
                MAX_BYTES >> 20);
        goto fail;
    }
    text[n] = 0;
    fclose(stream);
    *size = n;
    return text;

fail:
    if (stream) {
        fclose(stream);
    } else if (fd >= 0) {
        close(fd);
    }
    free(text);
    return NULL;
}

const pc_file *pc_files_get(const pc_files *files, const char *name, pc_status *status)
{
    char plain[1024], *path = NULL, *text;
    pc_file *file;
    size_t size = 0, index = 0, length;

    if (!pc_text_join(NULL, name, plain, sizeof plain)) {
        pc_fail(status, PC_ERR_INPUT,
                "found the file name \"%s\", allowed a name inside the scenario's folder or one level above", name);
        return NULL;
    }
    file = shelf_find(files->used, plain, NULL);
    if (file) {
        return file;
    }
    file = shelf_find(files->kept, plain, &index);
    if (file) {
        if (!shelf_add(files->used, file)) {
            pc_fail(status, PC_ERR_FAIL, "out of memory");
            return NULL;
        }
        memmove(files->kept->items + index, files->kept->items + index + 1,
                (files->kept->n - index - 1) * sizeof(pc_file *));
        files->kept->n--;
        return file;
    }
    if (!files->folder) {
        pc_fail(status, PC_ERR_INPUT, "%s: found no such file, allowed one that is part of the scenario", plain);
        return NULL;
    }
    if (files->used->n >= MAX_FILES) {
        pc_fail(status, PC_ERR_INPUT, "%s: found more than %d files, allowed fewer", plain, MAX_FILES);
        return NULL;
    }
    length = strlen(files->folder) + strlen(plain) + strlen(files->main) + 2;
    path = malloc(length);
    if (!path) {
        pc_fail(status, PC_ERR_FAIL, "out of memory");
        return NULL;
    }
    snprintf(path, length, "%s/%s", files->folder, strcmp(plain, "scenario.yaml") == 0 ? files->main : plain);
    /* the file that the user names may be a link to anywhere */
    if (strcmp(plain, "scenario.yaml") == 0 && strcmp(files->main, "scenario.yaml") != 0) {
        text = slurp(path, &size, status);
    } else {
        text = check_links(files, path, status) ? NULL : slurp(path, &size, status);
    }
    file = text ? file_new(plain, path, text, size) : NULL;
    if (text && (!file || !shelf_add(files->used, file))) {
        file_free(file);
        file = NULL;
        pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    free(path);
    return file;
}

const char *pc_files_folder(const pc_files *files)
{
    return files->folder;
}

size_t pc_files_count(const pc_files *files)
{
    return files->used->n;
}

const pc_file *pc_files_at(const pc_files *files, size_t index)
{
    return index < files->used->n ? files->used->items[index] : NULL;
}

void pc_files_free(pc_files *files)
{
    if (files) {
        shelf_free(files->used);
        shelf_free(files->kept);
        free(files->folder);
        free(files->main);
        free(files);
    }
}
