/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * run_signals: says "ready", then one line for each signal that comes: its
 * number, and the value that was queued with it. Ends with 42 at SIGTERM, and
 * with 1 if none comes within a minute.
 */
#include <signal.h>
#include <stdio.h>
#include <time.h>

int main(void)
{
	const struct timespec minute = { 60, 0 };
	siginfo_t info;
	sigset_t all;

	sigfillset(&all);
	sigdelset(&all, SIGTSTP);
	sigdelset(&all, SIGCHLD);
	sigprocmask(SIG_SETMASK, &all, NULL);
	puts("ready");
	fflush(stdout);
	for (;;) {
		int number = sigtimedwait(&all, &info, &minute);

		if (number < 0)
			return 1;
		printf("signal %d", number);
		if (info.si_code == SI_QUEUE)
			printf(" value %d", info.si_value.sival_int);
		puts("");
		fflush(stdout);
		if (number == SIGTERM)
			return 42;
	}
}
