/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The workbook: the order of its sheets, its first page, and how it comes to its place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "report/workbook/sheets.h"
#include "report/workbook/whole.h"
#include "base/safe_file.h"

enum { CHART_WIDTH = 620, CHART_HEIGHT = 340, CHART_ROWS = 18 };

const char *pc_sheet_months_name(void)
{
    return _(pc_topics[0].sheet);
}

const char *pc_sheets_policy(const pc_sheets *self, int p)
{
    return self->view.policies[self->policies[p]];
}

const char *pc_sheets_scheme(const pc_sheets *self, int s)
{
    return pc_view_schemes[self->schemes[s]];
}

void pc_sheets_add_chart(pc_sheets *self, lxw_chart *chart, int column)
{
    int slot;

    if (!chart) {
        return;
    }
    if (self->n_charts % 2 != column) {
        self->n_charts++;
    }
    slot = self->n_charts++;
    pc_sheet_place(&self->charts, chart, (lxw_row_t)(PC_BOOK_HEADER_ROW + slot / 2 * CHART_ROWS),
                   (lxw_col_t)(slot % 2 * 10), CHART_WIDTH, CHART_HEIGHT);
}

static void choose(pc_sheets *self)
{
    const pc_export_options *options = self->options;

    for (int p = 0; p < self->view.n_policies; p++) {
        if (!options->policy || strcmp(options->policy, self->view.policies[p]) == 0) {
            self->policies[self->n_policies++] = p;
        }
    }
    for (int s = 0; s < PC_VIEW_N_SCHEMES; s++) {
        if (!options->scheme || strcmp(options->scheme, pc_view_schemes[s]) == 0) {
            self->schemes[self->n_schemes++] = s;
        }
    }
}

static void read_me(const pc_sheets *self, pc_sheet *sheet)
{
    const pc_view *view = &self->view;
    char text[1024];
    const char *comment = pc_view_text(view, "comment");

    snprintf(text, sizeof text, "%s", pc_view_text(view, "title"));
    pc_sheet_text(sheet, 0, PC_CELL_TITLE, text);
    sheet->row++;
    pc_sheet_text(sheet, 0, PC_CELL_TITLE, pc_view_text(view, "title_en"));
    sheet->row += 2;
    if (pc_view_central_only(view)) {
        snprintf(text, sizeof text, _("%d to %d, central path only: no chances, no errors"), view->first_year,
                 view->last_year);
    } else {
        snprintf(text, sizeof text,
                 _("%d to %d, %.0f paths, seed %s; every mean and chance has the standard error of "
                   "the simulation beside it"),
                 view->first_year, view->last_year, pc_view_number(view, "paths", 0), pc_view_text(view, "seed"));
    }
    pc_sheet_text(sheet, 0, PC_CELL_TEXT, text);
    sheet->row++;
    snprintf(text, sizeof text, _("Made by %s"), pc_view_text(view, "source"));
    pc_sheet_text(sheet, 0, PC_CELL_TEXT, text);
    sheet->row++;
    if (self->options->file) {
        snprintf(text, sizeof text, _("From %s; the file holds every number in full precision."), self->options->file);
        pc_sheet_text(sheet, 0, PC_CELL_TEXT, text);
        sheet->row++;
    }
    sheet->row++;
    while (*comment) {
        size_t n = strcspn(comment, "\n");
        snprintf(text, sizeof text, "%.*s", (int)(n < sizeof text - 1 ? n : sizeof text - 1), comment);
        pc_sheet_text(sheet, 0, PC_CELL_TEXT, text);
        sheet->row++;
        comment += n + (comment[n] == '\n');
    }
    sheet->row++;
}

/* The list of sheets, with links; written last, when all are known. */
static void contents(pc_sheets *self, pc_sheet *first)
{
    const char *const remarks[] = {
        _("Money is nominal yuan in units of 100 million (亿元), unless a header says the base year: then it is "
          "divided by "
          "the price level."),
        _("Chances are shown as per cents; where no path or every path saw the event, the error is the bound 3/n."),
        _("Balances and people are at 31 December, flows belong to the year. An empty cell: not defined."),
        _("From the 2040s on the figures say what present rules unchanged would do; they are not a forecast."),
    };
    lxw_worksheet *worksheet;

    for (size_t r = 0; r < sizeof remarks / sizeof *remarks; r++) {
        pc_sheet_text(first, 0, PC_CELL_TEXT, remarks[r]);
        first->row++;
    }
    first->row++;
    STAILQ_FOREACH(worksheet, self->book.workbook->worksheets, list_pointers)
    {
        char link[160];
        if (worksheet == first->worksheet) {
            continue;
        }
        snprintf(link, sizeof link, "internal:'%s'!A1", worksheet->name);
        if (worksheet_write_url_opt(first->worksheet, first->row, 0, link, self->book.formats[PC_CELL_LINK],
                                    worksheet->name, NULL)) {
            self->book.failed = 1;
        }
        first->row++;
    }
    worksheet_set_column(first->worksheet, 0, 0, 110, NULL);
    worksheet_set_landscape(first->worksheet);
    worksheet_set_paper(first->worksheet, 9);
    worksheet_fit_to_pages(first->worksheet, 1, 0);
}

static void all_sheets(pc_sheets *self)
{
    pc_sheet first = {.book = &self->book};

    snprintf(first.name, sizeof first.name, "%s", _("README"));
    first.worksheet = workbook_add_worksheet(self->book.workbook, first.name);
    if (!first.worksheet) {
        self->book.failed = 1;
        return;
    }
    read_me(self, &first);
    pc_sheet_answer(self);
    pc_sheet_start(&self->book, &self->charts, _("Charts"), _("Charts"),
                   _("Drawn from the cells of the other sheets. From the 2040s on: present rules unchanged, not a "
                     "forecast."),
                   0);
    if (!pc_view_central_only(&self->view)) {
        pc_sheet_depletion(self);
        pc_sheet_heat(self);
        pc_sheet_first_year(self);
    }
    pc_sheet_winners(self);
    pc_sheet_fan(self);
    for (int t = 0; t < pc_n_topics; t++) {
        pc_sheet_topic(self, pc_topics + t);
    }
    pc_sheet_treasury(self);
    pc_sheet_matrix(self);
    pc_sheet_end(&self->charts, 0);
    pc_sheet_policies(self);
    pc_sheet_base_year(self);
    pc_sheet_parameters(self);
    pc_sheet_quality(self);
    pc_sheet_scenario(self);
    contents(self, &first);
    worksheet_activate(first.worksheet);
}

static void set_properties(const pc_sheets *self)
{
    lxw_doc_properties properties = {.title = (char *)pc_view_title_shown(&self->view),
                                     .comments = (char *)pc_view_text(&self->view, "source")};

    workbook_set_properties(self->book.workbook, &properties);
}

/* Where the library writes: memory, where the system can give it a name, so that a full disk shows in one place only
 * and not as messages of the library; else the temporary file beside the output. */
static const char *working_name(int *memory, char *name, size_t size, const pc_safe_file *file)
{
    struct stat info;

    *memory = -1;
#ifdef MFD_CLOEXEC
    *memory = memfd_create("workbook", MFD_CLOEXEC);
    snprintf(name, size, "/proc/self/fd/%d", *memory);
    if (*memory >= 0 && stat(name, &info) == 0) {
        return name;
    }
    if (*memory >= 0) {
        close(*memory);
        *memory = -1;
    }
#endif
    return file->temporary;
}

/* Looks whether the workbook is whole, and copies it to its place where it lies in memory. */
static pc_code take_over(int memory, pc_safe_file *file, pc_status *status)
{
    int fd = memory >= 0 ? memory : file->fd;
    struct stat info;
    unsigned char *bytes = MAP_FAILED;
    char part[128];
    pc_code code = PC_OK;

    if (fstat(fd, &info) || info.st_size == 0 ||
        (bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, fd, 0)) == MAP_FAILED) {
        return pc_fail(status, PC_ERR_WRITE, "%s: cannot write: the workbook could not be read back", file->name);
    }
    if (!pc_workbook_is_whole(bytes, (size_t)info.st_size, part)) {
        code = pc_fail(status, PC_ERR_WRITE,
                       "%s: cannot write: part '%s' of the workbook is not whole; is the disk of temporary files full?",
                       file->name, part);
    } else if (memory >= 0) {
        code = pc_safe_file_write(file, bytes, (size_t)info.st_size, status);
    }
    munmap(bytes, (size_t)info.st_size);
    return code;
}

pc_code pc_export_workbook(const pc_results *results, const char *path, const pc_export_options *options,
                           pc_status *status)
{
    pc_sheets *self = calloc(1, sizeof *self);
    pc_safe_file file = {0};
    lxw_workbook *workbook = NULL;
    lxw_error error = LXW_NO_ERROR;
    char name[64];
    int memory = -1;
    pc_code code;

    if (!self) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a workbook");
    }
    self->options = options;
    code = pc_export_check(results, options, status);
    code = code ? code : pc_view_open(results, &self->view, status);
    code = code ? code : pc_safe_file_open(&file, path, PC_SAFE_REPLACE | PC_SAFE_PLAIN, status);
    if (code) {
        goto out;
    }
    choose(self);
    workbook = workbook_new(working_name(&memory, name, sizeof name, &file));
    if (!workbook) {
        code = pc_fail(status, PC_ERR_FAIL, "%s: no memory for a workbook", path);
        goto out;
    }
    pc_book_start(&self->book, workbook, &self->view);
    set_properties(self);
    if (!self->book.failed) {
        all_sheets(self);
    }
    error = workbook_close(workbook); /* writes the file, and frees the workbook in every case */
    if (error) {
        code = pc_fail(status, PC_ERR_WRITE, "%s: cannot write: %s", path, lxw_strerror(error));
    } else if (self->book.failed) {
        code = pc_fail(status, PC_ERR_FAIL, "%s: a sheet of the workbook could not be made", path);
    }
    code = code ? code : take_over(memory, &file, status);
    code = code ? code : pc_safe_file_close(&file, status);
    code = code ? code : pc_safe_file_commit(&file, status);
out:
    if (memory >= 0) {
        close(memory);
    }
    pc_safe_file_release(&file);
    free(self);
    return code;
}
