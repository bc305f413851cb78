/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/yaml.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/i18n.h"
#include "scenario/text.h"

enum { MAX_DEPTH = 24, MAX_NODES = 200000, MAX_BYTES = 4 << 20, MAX_KEYS = 1000 };

typedef struct builder {
    const pc_file *file;
    const char *label;
    pc_arena *arena;
    pc_problems *problems;
    pc_status *status;
    pc_node *root;
    pc_node *open[MAX_DEPTH]; /* maps and lists not ended yet */
    pc_node *key[MAX_DEPTH];  /* a map's key that waits for its value */
    int depth;
    int n_nodes, n_documents;
} builder;

static pc_spot spot_at(const builder *b, yaml_mark_t mark)
{
    return (pc_spot){b->file, b->label, b->file ? (int)mark.line + 1 : 0, b->file ? (int)mark.column + 1 : 0};
}

static int grow(pc_node *node, pc_arena *arena)
{
    if (node->n == node->room) {
        const int room = node->room ? 2 * node->room : 4;
        pc_node **items = pc_arena_calloc(arena, (size_t)room, sizeof(pc_node *));
        pc_node **keys = node->kind == PC_NODE_MAP ? pc_arena_calloc(arena, (size_t)room, sizeof(pc_node *)) : NULL;
        if (!items || (node->kind == PC_NODE_MAP && !keys)) {
            return 0;
        }
        if (node->n > 0) {
            memcpy(items, node->items, (size_t)node->n * sizeof(pc_node *));
            if (keys) {
                memcpy(keys, node->keys, (size_t)node->n * sizeof(pc_node *));
            }
        }
        node->items = items;
        node->keys = keys;
        node->room = room;
    }
    return 1;
}

pc_node *pc_node_map(pc_arena *arena, pc_spot spot)
{
    pc_node *node = pc_arena_calloc(arena, 1, sizeof *node);

    if (node) {
        node->kind = PC_NODE_MAP;
        node->spot = spot;
        node->text = "";
    }
    return node;
}

int pc_node_find(const pc_node *map, const char *key)
{
    for (int i = 0; map->kind == PC_NODE_MAP && i < map->n; i++) {
        if (strcmp(map->keys[i]->text, key) == 0) {
            return i;
        }
    }
    return -1;
}

int pc_node_set(pc_node *map, const char *key, pc_spot key_spot, pc_node *item, pc_arena *arena)
{
    const int at = pc_node_find(map, key);
    pc_node *name;

    if (at >= 0) {
        map->items[at] = item;
        return 1;
    }
    name = pc_node_map(arena, key_spot);
    if (!name || !grow(map, arena) || !(name->text = pc_arena_strdup(arena, key))) {
        return 0;
    }
    name->kind = PC_NODE_SCALAR;
    map->keys[map->n] = name;
    map->items[map->n++] = item;
    return 1;
}

int pc_node_empty(const pc_node *node)
{
    return node->kind == PC_NODE_SCALAR && !node->quoted &&
           (node->text[0] == 0 || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

const char *pc_node_found(const pc_node *node, char *buffer, size_t size)
{
    if (node->kind == PC_NODE_MAP) {
        return _("a map");
    }
    if (node->kind == PC_NODE_LIST) {
        return _("a list");
    }
    if (pc_node_empty(node)) {
        return _("nothing");
    }
    snprintf(buffer, size, "\"%s\"", node->text);
    return buffer;
}

/* Puts a finished scalar or a just opened map or list where it belongs. Returns 0 when reading must stop. */
static int place(builder *b, pc_node *node)
{
    pc_node *parent = b->depth > 0 ? b->open[b->depth - 1] : NULL;
    pc_node **key = b->depth > 0 ? &b->key[b->depth - 1] : NULL;

    if (!parent) {
        b->root = node;
        return 1;
    }
    if (parent->kind == PC_NODE_MAP && !*key) {
        if (node->kind != PC_NODE_SCALAR) {
            pc_problem(b->problems, node->spot, "found %s as a key, allowed a name",
                       node->kind == PC_NODE_MAP ? _("a map") : _("a list"));
            return 0;
        }
        const int first = pc_node_find(parent, node->text);
        if (first >= 0) {
            pc_problem(b->problems, node->spot,
                       "found the key \"%s\" a second time, allowed once (it is set in line %d)", node->text,
                       parent->keys[first]->spot.line);
        }
        if (parent->n >= MAX_KEYS) {
            pc_problem(b->problems, node->spot, "found more than %d keys in one map, allowed fewer", MAX_KEYS);
            return 0;
        }
        *key = node;
        return 1;
    }
    if (!grow(parent, b->arena)) {
        pc_fail(b->status, PC_ERR_FAIL, "out of memory");
        return 0;
    }
    if (parent->kind == PC_NODE_MAP) {
        parent->keys[parent->n] = *key;
        *key = NULL;
    }
    parent->items[parent->n++] = node;
    return 1;
}

/* Reports what libyaml itself refuses. */
static void syntax(builder *b, const yaml_parser_t *parser)
{
    pc_spot spot = spot_at(b, parser->problem_mark);

    if (parser->error == YAML_READER_ERROR) {
        if (b->file) {
            pc_text_position(b->file->text, b->file->size, parser->problem_offset, &spot.line, &spot.column);
        }
        pc_problem(b->problems, spot,
                   "found a character that is not allowed in YAML (code %d), allowed printable UTF-8 text",
                   parser->problem_value);
    } else if (parser->error == YAML_MEMORY_ERROR) {
        pc_fail(b->status, PC_ERR_FAIL, "out of memory");
    } else {
        pc_problem(b->problems, spot, "found a mistake in the YAML (%s%s%s), allowed well-formed YAML",
                   parser->problem ? parser->problem : _("no details"), parser->context ? ", " : "",
                   parser->context ? parser->context : "");
    }
}

/* Takes one event into the tree. Returns 0 when reading must stop. */
static int take(builder *b, const yaml_event_t *event)
{
    const pc_spot spot = spot_at(b, event->start_mark);
    const char *anchor = NULL, *tag = NULL;
    pc_node *node;

    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (++b->n_documents > 1) {
            pc_problem(b->problems, spot, "found a second document, allowed one document in a file");
            return 0;
        }
        return 1;
    case YAML_ALIAS_EVENT:
        pc_problem(b->problems, spot, "found the alias \"*%s\", allowed values written out",
                   (const char *)event->data.alias.anchor);
        return 0;
    case YAML_SCALAR_EVENT:
        anchor = (const char *)event->data.scalar.anchor;
        tag = (const char *)event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = (const char *)event->data.sequence_start.anchor;
        tag = (const char *)event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = (const char *)event->data.mapping_start.anchor;
        tag = (const char *)event->data.mapping_start.tag;
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        b->depth--;
        return 1;
    default:
        return 1;
    }
    if (anchor || tag) {
        pc_problem(b->problems, spot, "found the %s \"%s%s\", allowed values without anchors and tags",
                   anchor ? _("anchor") : _("tag"), anchor ? "&" : "", anchor ? anchor : tag);
        return 0;
    }
    if (++b->n_nodes > MAX_NODES) {
        pc_problem(b->problems, spot, "found more than %d values, allowed fewer", MAX_NODES);
        return 0;
    }
    node = pc_node_map(b->arena, spot);
    if (!node) {
        pc_fail(b->status, PC_ERR_FAIL, "out of memory");
        return 0;
    }
    if (event->type == YAML_SCALAR_EVENT) {
        char *text = pc_arena_calloc(b->arena, event->data.scalar.length + 1, 1);
        if (!text) {
            pc_fail(b->status, PC_ERR_FAIL, "out of memory");
            return 0;
        }
        memcpy(text, event->data.scalar.value, event->data.scalar.length);
        if (strlen(text) != event->data.scalar.length) {
            pc_problem(b->problems, spot, "found a text with a zero character inside, allowed printable text");
            return 0;
        }
        node->kind = PC_NODE_SCALAR;
        node->text = text;
        node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        return place(b, node);
    }
    node->kind = event->type == YAML_MAPPING_START_EVENT ? PC_NODE_MAP : PC_NODE_LIST;
    if (!place(b, node)) {
        return 0;
    }
    if (b->depth == MAX_DEPTH) {
        pc_problem(b->problems, spot, "found more than %d levels inside each other, allowed fewer", MAX_DEPTH);
        return 0;
    }
    b->open[b->depth] = node;
    b->key[b->depth++] = NULL;
    return 1;
}

/* Runs the parser over the text. Returns the root, NULL after a problem. */
static pc_node *parse(builder *b, const char *text, size_t size)
{
    const int problems = b->problems->n;
    yaml_parser_t parser;
    int more = 1, finished = 0;

    if (!yaml_parser_initialize(&parser)) {
        pc_fail(b->status, PC_ERR_FAIL, "out of memory");
        return NULL;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    while (more) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            syntax(b, &parser);
            break;
        }
        finished = event.type == YAML_STREAM_END_EVENT;
        more = take(b, &event) && !finished;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return finished && b->problems->n == problems ? b->root : NULL;
}

pc_node *pc_yaml_read(const pc_file *file, pc_arena *arena, pc_problems *problems, pc_status *status)
{
    const size_t skip = file->size >= 3 && memcmp(file->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    const size_t valid = pc_text_valid(file->text, file->size);
    builder b = {.file = file, .arena = arena, .problems = problems, .status = status};
    pc_spot spot = {file, NULL, 1, 1};
    pc_node *root;

    if (file->size > MAX_BYTES) {
        pc_problem(problems, spot, "found %zu bytes, allowed at most %d MiB", file->size, MAX_BYTES >> 20);
        return NULL;
    }
    if (valid < file->size) {
        pc_text_position(file->text, file->size, valid, &spot.line, &spot.column);
        pc_problem(problems, spot, "found the byte 0x%02x, which is not valid UTF-8, allowed text saved as UTF-8",
                   (unsigned)(unsigned char)file->text[valid]);
        return NULL;
    }
    const int before = problems->n;
    root = parse(&b, file->text + skip, file->size - skip);
    if (!root && problems->n == before && (!status || status->code == PC_OK)) {
        pc_problem(problems, spot, "found an empty file, allowed a map of keys");
    }
    return root;
}

pc_node *pc_yaml_value(const char *text, const char *label, pc_arena *arena, pc_problems *problems, pc_status *status)
{
    builder b = {.label = label, .arena = arena, .problems = problems, .status = status};
    const pc_spot spot = {NULL, label, 0, 0};
    const size_t size = strlen(text);
    const int before = problems->n;
    pc_node *root;

    if (pc_text_valid(text, size) < size) {
        pc_problem(problems, spot, "found text that is not valid UTF-8, allowed UTF-8");
        return NULL;
    }
    root = parse(&b, text, size);
    if (!root && problems->n == before && (!status || status->code == PC_OK)) {
        root = pc_node_map(arena, spot);
        if (root) {
            root->kind = PC_NODE_SCALAR;
        }
    }
    return root;
}
