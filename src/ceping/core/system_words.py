"""The operating system's reasons in Chinese: it gives them in English, and who reads them may not."""

import errno
import os

_BY_NUMBER = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EFBIG: "文件太大",
    errno.EIO: "磁盘读写出错",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘只读",
    errno.EBUSY: "正被别的程序使用",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EEXIST: "已经存在",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.ENOTDIR: "不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ELOOP: "链接绕成了圈",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EMFILE: "打开的文件太多",
}
_BY_WORDS = {os.strerror(number): words for number, words in _BY_NUMBER.items()}


def in_chinese(reason: str) -> str:
    """The reason in Chinese where it is one the system gives, else as it is."""
    return _BY_WORDS.get(reason, reason)
