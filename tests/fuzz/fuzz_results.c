/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results files as an enemy would write them: sound HDF5 with a right checksum, and in it what no results file has. The
 * bytes are read as a list of calls of HDF5. (That HDF5 itself survives damaged files is its own authors' work; damage
 * by accident is seen by the checksum before HDF5 opens the file.) */
#include <fcntl.h>
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/safe_file.h"
#include "fuzz.h"
#include "store/store.h"

static const uint8_t *at, *end;

static unsigned next(unsigned below)
{
    return at < end ? *at++ % below : 0;
}

static hid_t some_type(hid_t text)
{
    const hid_t types[] = {H5T_IEEE_F64LE, H5T_IEEE_F32LE,  H5T_STD_I64LE,  H5T_STD_I32LE, H5T_STD_U8LE, text,
                           H5T_C_S1,       H5T_STD_REF_OBJ, H5T_IEEE_F64BE, H5T_STD_B8LE,  H5T_STD_U64LE};

    return types[next(sizeof types / sizeof *types)];
}

static hid_t some_space(unsigned n_sizes)
{
    static const hsize_t sizes[] = {0, 1, 2, 3, 4, 100, 1000000, (hsize_t)1 << 33, (hsize_t)1 << 50};
    hsize_t shape[8];
    int rank = (int)next(8);

    for (int i = 0; i < rank; i++) {
        shape[i] = sizes[next(n_sizes)];
    }
    return rank ? H5Screate_simple(rank, shape, NULL) : H5Screate(H5S_SCALAR);
}

static const char *some_name(void)
{
    static const char *const names[] = {"a",
                                        "b",
                                        "x",
                                        "year",
                                        "units",
                                        "long_name",
                                        "flag_values",
                                        "CLASS",
                                        "NAME",
                                        "inputs",
                                        "files",
                                        "text",
                                        "name",
                                        "区域",
                                        ".",
                                        "DIMENSION_LABELS",
                                        "title",
                                        "_FillValue",
                                        "DIMENSION_LIST"};

    return names[next(sizeof names / sizeof *names)];
}

static void put_attribute(hid_t object, hid_t text)
{
    static const char *const values[] = {"DIMENSION_SCALE", "This is a netCDF dimension but not a netCDF variable", "",
                                         "1, 2", "x"};
    const char *value = values[next(5)];
    static char raw[3 * 3 * 3 * 3 * 3 * 3 * 3 * sizeof(int)]; /* seven dimensions of 3 */
    hid_t type, space, id;

    if (next(2)) { /* a text of fixed or variable length */
        int fixed = next(2);
        type = H5Tcopy(fixed ? H5T_C_S1 : text);
        if (fixed) {
            H5Tset_size(type, strlen(value) + 1);
        }
        space = H5Screate(H5S_SCALAR);
        id = H5Acreate2(object, some_name(), type, space, H5P_DEFAULT, H5P_DEFAULT);
        H5Awrite(id, type, fixed ? (const void *)value : (const void *)&value);
        H5Tclose(type);
    } else {
        space = some_space(4); /* an attribute's bytes are written */
        id = H5Acreate2(object, some_name(), some_type(text), space, H5P_DEFAULT, H5P_DEFAULT);
        if (H5Aget_storage_size(id) <= sizeof raw && next(2)) {
            H5Awrite(id, H5T_NATIVE_INT, raw);
        }
    }
    H5Aclose(id);
    H5Sclose(space);
}

static void build(hid_t file, hid_t text)
{
    hid_t here = H5Gopen2(file, "/", H5P_DEFAULT);

    for (int step = 0; step < 60 && at < end; step++) {
        hid_t made = -1, space = -1, list = H5Pcreate(H5P_DATASET_CREATE);
        const unsigned what = next(10);
        switch (what) {
        case 0:
        case 1:
            made = H5Gcreate2(here, some_name(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
            if (made >= 0 && next(2)) {
                H5Gclose(here);
                here = made;
                made = -1;
            }
            break;
        case 2:
        case 3:
        case 4:
            if (next(8) == 0) {
                H5Pset_external(list, "/etc/passwd", 0, H5F_UNLIMITED);
            }
            space = some_space(9);
            made = H5Dcreate2(here, some_name(), some_type(text), space, H5P_DEFAULT, list, H5P_DEFAULT);
            for (unsigned n = next(4); made >= 0 && n > 0; n--) {
                put_attribute(made, text);
            }
            break;
        case 5:
        case 6:
            put_attribute(here, text);
            break;
        case 7:
            H5Lcreate_soft(some_name(), here, some_name(), H5P_DEFAULT, H5P_DEFAULT);
            break;
        case 8:
            H5Lcreate_hard(next(2) ? file : here, next(2) ? "/" : some_name(), here, some_name(), H5P_DEFAULT,
                           H5P_DEFAULT);
            break;
        default:
            H5Lcreate_external("/etc/hostname", "/", here, some_name(), H5P_DEFAULT, H5P_DEFAULT);
        }
        if (made >= 0) {
            H5Oclose(made);
        }
        if (space >= 0) {
            H5Sclose(space);
        }
        H5Pclose(list);
    }
    H5Gclose(here);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static pc_status status;
    char path[64];
    hid_t core = H5Pcreate(H5P_FILE_ACCESS), create = H5Pcreate(H5P_FILE_CREATE), text = H5Tcopy(H5T_C_S1), file;
    pc_results *results;

    /* in memory where that can be: syncing a disk would take most of the time */
    snprintf(path, sizeof path, "%s/fuzz-%ld.h5", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : ".", (long)getpid());
    at = bytes;
    end = bytes + n;
    status = (pc_status){0};
    H5E_BEGIN_TRY
    {
        unsigned char *image;
        ssize_t size;
        H5Tset_size(text, H5T_VARIABLE);
        H5Pset_link_creation_order(create, next(4) ? H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED : 0);
        H5Pset_fapl_core(core, 1 << 16, 0);
        H5Pset_libver_bounds(core, H5F_LIBVER_V18, H5F_LIBVER_V18);
        file = H5Fcreate("fuzz-image", H5F_ACC_TRUNC, create, core);
        build(file, text);
        H5Fflush(file, H5F_SCOPE_GLOBAL);
        size = H5Fget_file_image(file, NULL, 0);
        image = malloc((size_t)size);
        if (size <= 0 || !image || H5Fget_file_image(file, image, (size_t)size) != size ||
            pc_safe_file_put(path, PC_SAFE_REPLACE, image, (size_t)size, NULL)) {
            abort();
        }
        H5Fclose(file);
        free(image);
    }
    H5E_END_TRY;
    results = pc_store_load(path, &status);
    if (!results && (!status.message[0] || status.code == PC_OK)) {
        abort();
    }
    pc_results_free(results);
    unlink(path);
    H5Tclose(text);
    H5Pclose(create);
    H5Pclose(core);
    return 0;
}
