/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one thread has found the bins of and not counted yet. A cell's counters are hardly ever in cache, and with many
 * cores they lie in another's: it pays to come with several rows at a time (0.92 of a run's time with four). */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "stats/hist_inner.h"

enum { MOST_ROWS = 4, ROW = PC_HIST_PILOT, MOST_BYTES = 128 << 20 }; /* bytes: no more than a thread has anyway */

typedef struct waiting {
    double minimum, maximum;
    uint32_t missing;
    uint16_t n[MOST_ROWS]; /* codes of each row */
    uint8_t n_rows;
} waiting;

struct pc_hist_buffer {
    pc_hist *hist;
    size_t n_rows;
    waiting *cells;  /* [n_cells] */
    uint16_t *codes; /* [row][cell][ROW]: a thread that walks over cells writes them one behind the other */
};

size_t pc_hist_buffer_bytes(size_t n_cells, uint64_t n_values, int n_threads)
{
    const size_t row = n_cells * ROW * sizeof(uint16_t), threads = n_threads > 0 ? (size_t)n_threads : 1;
    const uint64_t most = n_values / ROW / threads; /* rows that a cell will get from a thread */
    size_t n_rows = row ? MOST_BYTES / row : 0;

    n_rows = n_rows < MOST_ROWS ? n_rows : MOST_ROWS;
    n_rows = n_rows < most ? n_rows : (size_t)most;
    return n_rows < 2 ? 0 : n_rows * row + n_cells * sizeof(waiting);
}

pc_hist_buffer *pc_hist_buffer_new(pc_hist *hist, size_t bytes)
{
    pc_hist_buffer *buffer = pc_calloc(1, sizeof *buffer);

    if (!buffer) {
        return NULL;
    }
    buffer->hist = hist;
    buffer->n_rows = (bytes - hist->n_cells * sizeof *buffer->cells) / (hist->n_cells * ROW * sizeof *buffer->codes);
    buffer->cells = pc_calloc(hist->n_cells, sizeof *buffer->cells);
    buffer->codes = pc_alloc(buffer->n_rows * hist->n_cells * ROW * sizeof *buffer->codes);
    if (!buffer->cells || !buffer->codes) {
        pc_hist_buffer_free(buffer);
        return NULL;
    }
    return buffer;
}

void pc_hist_buffer_free(pc_hist_buffer *buffer)
{
    if (buffer) {
        pc_free(buffer->cells);
        pc_free(buffer->codes);
        pc_free(buffer);
    }
}

static void count_waiting(pc_hist_buffer *buffer, size_t cell_index)
{
    pc_hist *hist = buffer->hist;
    pc_hist_cell *cell = pc_hist_cell_at(hist, cell_index);
    waiting *its = &buffer->cells[cell_index];
    uint32_t n = 0;

    pc_hist_lock(cell);
    for (size_t k = 0; k < its->n_rows; k++) {
        pc_hist_codes_add(hist, cell, buffer->codes + (k * hist->n_cells + cell_index) * ROW, its->n[k]);
        n += its->n[k];
    }
    pc_hist_totals_add(cell, n, its->missing, (double[]){its->minimum, its->maximum});
    pc_hist_unlock(cell);
    its->n_rows = 0;
}

int pc_hist_buffer_row(pc_hist_buffer *buffer, size_t cell_index, const double *row, int n)
{
    const pc_hist_cell *cell = pc_hist_cell_at(buffer->hist, cell_index);
    waiting *its = &buffer->cells[cell_index];
    double extreme[2];
    uint32_t missing;

    if (n <= 0) {
        return 0;
    }
    pc_hist_await(buffer->hist, cell_index);
    if (its->n_rows + 1u == buffer->n_rows) {
        pc_hist_fetch_dense(buffer->hist, cell); /* while the bins are found */
    }
    missing = pc_hist_codes(&cell->map, row, n,
                            buffer->codes + (its->n_rows * buffer->hist->n_cells + cell_index) * ROW, extreme);
    if (its->n_rows == 0) {
        *its = (waiting){.minimum = INFINITY, .maximum = -INFINITY};
    }
    its->minimum = extreme[0] < its->minimum ? extreme[0] : its->minimum;
    its->maximum = extreme[1] > its->maximum ? extreme[1] : its->maximum;
    its->missing += missing;
    its->n[its->n_rows++] = (uint16_t)((uint32_t)n - missing);
    if (its->n_rows < buffer->n_rows) {
        return 0;
    }
    count_waiting(buffer, cell_index);
    return 1;
}

void pc_hist_buffer_drain(pc_hist_buffer *buffer)
{
    for (size_t cell = 0; cell < buffer->hist->n_cells; cell++) {
        if (buffer->cells[cell].n_rows > 0) {
            count_waiting(buffer, cell);
        }
    }
}
