/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A procfs that is a tree of files, and children of the tools that are functions here. */
#ifndef DIRECT_PROCFS_H
#define DIRECT_PROCFS_H

#include "../../tools/crew.h"

#include "direct.h"

#include <sys/mman.h>

static inline void put(const char *path, const char *format, ...)
{
	FILE *file = fopen(path, "w");
	va_list list;

	MUST(file);
	va_start(list, format);
	MUST(vfprintf(file, format, list) >= 0 && fclose(file) == 0);
	va_end(list);
}

/* The path of NAME of the process PID. */
#define OF(pid, name) of(pid, name, (char[64]){ 0 })

static inline const char *of(int pid, const char *name, char *room)
{
	snprintf(room, 64, "/proc/%d/%s", pid, name);
	return room;
}

/* An empty one, in which this process is in the namespace "mnt:[1]". */
static inline void mount_procfs(void)
{
	static bool again;

	if (again)
		umount2("/proc", MNT_DETACH);
	again = true;
	MUST(mount("proc", "/proc", "tmpfs", 0, "mode=755") == 0);
	make_dir("/proc/self", 0, 0755);
	make_dir("/proc/self/ns", 0, 0755);
	make_link("mnt:[1]", "/proc/self/ns/mnt", 0);
}

/* -- Children (crew.h), one after the other; one is to fail for its user -- */

static struct {
	uid_t uid;
	enum crew_outcome outcome;
	int error;
} fails[4];

static int crew_records; /* a file, for what the child says */

static inline void run_job(struct job *job)
{
	char *record = malloc(job->size);
	int status;
	pid_t pid;

	crew_records = memfd_create("records", MFD_CLOEXEC);
	MUST(record && crew_records >= 0);
	pid = fork();
	MUST(pid >= 0);
	if (pid == 0) {
		job->work(job);
		_exit(0);
	}
	MUST(waitpid(pid, &status, 0) == pid);
	IS(status, 0);
	MUST(lseek(crew_records, 0, SEEK_SET) == 0);
	while (read(crew_records, record, job->size) == (ssize_t)job->size)
		job->take(job, record);
	close(crew_records);
	free(record);
}

void crew_run(struct job *jobs, size_t n, int seconds)
{
	(void)seconds;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < sizeof fails / sizeof *fails; k++)
			if (fails[k].outcome != CREW_DONE &&
			    fails[k].uid == jobs[i].uid) {
				jobs[i].outcome = fails[k].outcome;
				jobs[i].error = fails[k].error;
			}
		if (jobs[i].outcome == CREW_DONE)
			run_job(&jobs[i]);
	}
}

void crew_say(const struct job *job, const void *record)
{
	MUST(write(crew_records, record, job->size) == (ssize_t)job->size);
}

#endif
