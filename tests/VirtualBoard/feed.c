/* feed DEVICE WIDTH HEIGHT PERIOD_MS FILE...: shows JPEG files on a v4l2loopback camera in turn, for ever. */
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static char bytes[1 << 20];

int main(int count, char **arguments)
{
	struct v4l2_format format = { .type = V4L2_BUF_TYPE_VIDEO_OUTPUT };
	int device, file, i;
	ssize_t length;

	if (count < 6 || (device = open(arguments[1], O_RDWR)) < 0)
		return 2;
	format.fmt.pix.width = atoi(arguments[2]);
	format.fmt.pix.height = atoi(arguments[3]);
	format.fmt.pix.pixelformat = V4L2_PIX_FMT_MJPEG;
	format.fmt.pix.field = V4L2_FIELD_NONE;
	format.fmt.pix.sizeimage = sizeof(bytes);
	if (ioctl(device, VIDIOC_S_FMT, &format) < 0) {
		perror("VIDIOC_S_FMT");
		return 1;
	}
	for (i = 5;; i = i + 1 < count ? i + 1 : 5) {
		if ((file = open(arguments[i], O_RDONLY)) < 0 || (length = read(file, bytes, sizeof(bytes))) <= 0)
			return 2;
		close(file);
		if (write(device, bytes, length) != length) {
			perror("write");
			return 1;
		}
		usleep(1000 * atoi(arguments[4]));
	}
}
