/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A spool that all may write to, in the hope that nobody will: a job is put there and read
 * back to be carried out. */
#include <sys/stat.h>

#include "victim.h"

#define SPOOL "/tmp/demo-spool"
#define JOB SPOOL "/job"

static void put_job(const char *text)
{
	FILE *out = open_or_die(JOB, "w");

	fputs(text, out);
	fclose(out);
}

static void do_job(void)
{
	FILE *in = open_or_die(JOB, "r");

	for (int c = getc(in); c != EOF; c = getc(in))
		putchar(c);
	fclose(in);
}

int main(void)
{
	umask(0);
	if (mkdir(SPOOL, 0777) != 0) {
		perror(SPOOL);
		return 1;
	}
	put_job("pay through: house bank\n");
	work();
	do_job();
	return remove(JOB) != 0 || rmdir(SPOOL) != 0;
}
