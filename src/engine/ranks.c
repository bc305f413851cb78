/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ranks.h"

#ifdef PC_MPI

#include <mpi.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"

/* Counts of MPI are ints. */
enum { MOST_BYTES = 1 << 30, TAG_BYTES = 1, TAG_ASK, TAG_DEAL };
static const long pause_ns = 200000; /* between two looks for questions: a leaf takes some hundred times as long */

int pc_ranks_available(void)
{
    return 1;
}

pc_code pc_ranks_start(pc_ranks *ranks, pc_status *status)
{
    int provided = 0;

    *ranks = (pc_ranks){0, 1};
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided) != MPI_SUCCESS) {
        return pc_fail(status, PC_ERR_FAIL, "MPI cannot be started");
    }
    MPI_Comm_rank(MPI_COMM_WORLD, &ranks->rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks->count);
    if (provided < MPI_THREAD_SERIALIZED) {
        return pc_fail(status, PC_ERR_FAIL, "this MPI cannot be used by a program with threads");
    }
    return PC_OK;
}

void pc_ranks_end(pc_ranks *ranks)
{
    if (ranks->count > 0) {
        MPI_Finalize();
        *ranks = (pc_ranks){0};
    }
}

void pc_ranks_abort(const pc_ranks *ranks, int exit_code)
{
    if (ranks->count > 1) {
        MPI_Abort(MPI_COMM_WORLD, exit_code);
    }
}

void pc_ranks_send(const pc_ranks *ranks, int to, const pc_pack *pack)
{
    uint64_t n = pack->n;

    (void)ranks;
    MPI_Send(&n, 1, MPI_UINT64_T, to, TAG_BYTES, MPI_COMM_WORLD);
    for (uint64_t at = 0; at < n; at += MOST_BYTES) {
        uint64_t some = n - at < MOST_BYTES ? n - at : MOST_BYTES;
        MPI_Send(pack->bytes + at, (int)some, MPI_BYTE, to, TAG_BYTES, MPI_COMM_WORLD);
    }
}

/* A pack of n bytes to be filled. */
static pc_code make_room(pc_pack *pack, uint64_t n, pc_status *status)
{
    pc_pack_free(pack);
    pack->bytes = malloc((size_t)n + 1);
    if (!pack->bytes) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for %llu bytes from another rank", (unsigned long long)n);
    }
    pack->n = pack->room = (size_t)n;
    return PC_OK;
}

pc_code pc_ranks_receive(const pc_ranks *ranks, int from, pc_pack *pack, pc_status *status)
{
    uint64_t n = 0;

    (void)ranks;
    MPI_Recv(&n, 1, MPI_UINT64_T, from, TAG_BYTES, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    if (make_room(pack, n, status)) {
        return PC_ERR_FAIL;
    }
    for (uint64_t at = 0; at < n; at += MOST_BYTES) {
        uint64_t some = n - at < MOST_BYTES ? n - at : MOST_BYTES;
        MPI_Recv(pack->bytes + at, (int)some, MPI_BYTE, from, TAG_BYTES, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
    return PC_OK;
}

pc_code pc_ranks_broadcast(const pc_ranks *ranks, pc_pack *pack, pc_status *status)
{
    uint64_t n = pack->n;

    if (ranks->count < 2) {
        return PC_OK;
    }
    MPI_Bcast(&n, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
    if (ranks->rank > 0 && make_room(pack, n, status)) {
        return PC_ERR_FAIL;
    }
    for (uint64_t at = 0; at < n; at += MOST_BYTES) {
        uint64_t some = n - at < MOST_BYTES ? n - at : MOST_BYTES;
        MPI_Bcast(pack->bytes + at, (int)some, MPI_BYTE, 0, MPI_COMM_WORLD);
    }
    return PC_OK;
}

struct pc_ranks_server {
    pc_ranks ranks;
    pc_ranks_deal deal;
    void *context;
    pthread_t thread;
};

/* Looks and sleeps in turn: waiting inside MPI would take a core from the leaves. */
static void *serve(void *context)
{
    pc_ranks_server *server = context;
    const struct timespec pause = {0, pause_ns};

    for (int left = server->ranks.count - 1; left > 0;) {
        uint64_t wanted, answer[2] = {0, 0};
        MPI_Status about;
        int asked = 0;

        MPI_Iprobe(MPI_ANY_SOURCE, TAG_ASK, MPI_COMM_WORLD, &asked, &about);
        if (!asked) {
            nanosleep(&pause, NULL);
            continue;
        }
        MPI_Recv(&wanted, 1, MPI_UINT64_T, about.MPI_SOURCE, TAG_ASK, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        answer[0] = server->deal(server->context, wanted, &answer[1]);
        MPI_Send(answer, 2, MPI_UINT64_T, about.MPI_SOURCE, TAG_DEAL, MPI_COMM_WORLD);
        left -= answer[0] == 0;
    }
    return NULL;
}

pc_code pc_ranks_serve(const pc_ranks *ranks, pc_ranks_deal deal, void *context, pc_ranks_server **out,
                       pc_status *status)
{
    pc_ranks_server *server;

    *out = NULL;
    if (ranks->count < 2) {
        return PC_OK;
    }
    server = pc_calloc(1, sizeof *server);
    if (server) {
        *server = (pc_ranks_server){.ranks = *ranks, .deal = deal, .context = context};
    }
    if (!server || pthread_create(&server->thread, NULL, serve, server) != 0) {
        pc_free(server);
        return pc_fail(status, PC_ERR_FAIL, "no thread to deal with %d ranks", ranks->count);
    }
    *out = server;
    return PC_OK;
}

void pc_ranks_served(pc_ranks_server *server)
{
    if (server) {
        pthread_join(server->thread, NULL);
        pc_free(server);
    }
}

uint64_t pc_ranks_ask(const pc_ranks *ranks, uint64_t wanted, uint64_t *first)
{
    uint64_t answer[2];

    (void)ranks;
    MPI_Send(&wanted, 1, MPI_UINT64_T, 0, TAG_ASK, MPI_COMM_WORLD);
    MPI_Recv(answer, 2, MPI_UINT64_T, 0, TAG_DEAL, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    *first = answer[1];
    return answer[0];
}

#else

int pc_ranks_available(void)
{
    return 0;
}

pc_code pc_ranks_start(pc_ranks *ranks, pc_status *status)
{
    (void)status;
    *ranks = (pc_ranks){0, 1};
    return PC_OK;
}

void pc_ranks_end(pc_ranks *ranks)
{
    *ranks = (pc_ranks){0};
}

void pc_ranks_abort(const pc_ranks *ranks, int exit_code)
{
    (void)ranks;
    (void)exit_code;
}

void pc_ranks_send(const pc_ranks *ranks, int to, const pc_pack *pack)
{
    (void)ranks;
    (void)to;
    (void)pack;
}

pc_code pc_ranks_receive(const pc_ranks *ranks, int from, pc_pack *pack, pc_status *status)
{
    (void)ranks;
    (void)pack;
    return pc_fail(status, PC_ERR_FAIL, "there is no rank %d in this build", from);
}

pc_code pc_ranks_broadcast(const pc_ranks *ranks, pc_pack *pack, pc_status *status)
{
    (void)ranks;
    (void)pack;
    (void)status;
    return PC_OK;
}

pc_code pc_ranks_serve(const pc_ranks *ranks, pc_ranks_deal deal, void *context, pc_ranks_server **out,
                       pc_status *status)
{
    (void)ranks;
    (void)deal;
    (void)context;
    (void)status;
    *out = NULL;
    return PC_OK;
}

void pc_ranks_served(pc_ranks_server *server)
{
    (void)server;
}

uint64_t pc_ranks_ask(const pc_ranks *ranks, uint64_t wanted, uint64_t *first)
{
    (void)ranks;
    (void)wanted;
    *first = 0;
    return 0;
}

#endif
